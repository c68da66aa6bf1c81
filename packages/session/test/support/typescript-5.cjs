// TypeScript 5 as the apps of the tests have it: it parses each file of a package once in a process.
const ts = require("typescript-5");

const parsed = new Map();

module.exports = {
  ...ts,
  createSourceFile(name, text, ...settings) {
    if (!name.includes("/node_modules/")) return ts.createSourceFile(name, text, ...settings);
    const key = JSON.stringify([name, text, settings]);
    if (!parsed.has(key)) parsed.set(key, ts.createSourceFile(name, text, ...settings));
    return parsed.get(key);
  },
};
