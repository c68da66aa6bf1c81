import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { isPeer } from "./ours.js";
import { significant, table, targetTable } from "./report.js";

const output = new URL("../out/", import.meta.url);
const kept = new URL("../results/", import.meta.url);
const pages = ["README.md", "docs/performance.md"].map(
  (path) => new URL(`../../../${path}`, import.meta.url),
);

if (existsSync(output)) {
  mkdirSync(kept, { recursive: true });
  for (const file of readdirSync(output)) copyFileSync(new URL(file, output), new URL(file, kept));
}

const results = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, kept), "utf8"));
const cookies = results("cookies-node20");
const runtimes = {
  "Node 20": cookies,
  "Node 22": results("cookies-node22"),
  "Node 24": results("cookies-node24"),
  "Node 20, edge build": results("cookies-node20-edge"),
};
const usuals = Object.values(runtimes).map(({ results }) => results["200 bytes"]);
const http = results("http");
const sizes = results("sizes");
const scale = results("scale");
const payloadSizes = Object.keys(cookies.results);
const names = Object.keys(cookies.what);
const sessionOf = (size) => (size === "empty" ? "an empty session" : `a session of ${size}`);

const tables = {
  targets: () => targetTable([...cookies.targets, ...http.targets, ...sizes.targets]),

  machine: () => {
    const { cpu, cores, memory, os, date } = cookies.machine;
    const machines = [...Object.values(runtimes), http, sizes, scale].map(({ machine }) => machine);
    const nodes = [...new Set(machines.map(({ node }) => node.slice(1)))];
    const load = Math.max(...machines.map((machine) => machine.load));
    const busy = load > cores ? ` Other programs kept it busy (load ${load.toFixed(1)}).` : "";
    return `${cores} cores of a virtual machine (${cpu}), ${memory} of memory, ${os}; Node ${nodes.join(", ")}; ${date}.${busy}`;
  },

  contenders: () =>
    table(
      ["", "what is measured", "version"],
      names.map((name) => [name, cookies.what[name], cookies.versions[name] ?? ""]),
    ),

  usual: () =>
    table(
      ["200 bytes", "write, µs", "read, µs", "read + write, µs", "times signed"],
      bySpeed("200 bytes").map(([name, { write, read, both, timesOurs }]) => [
        name,
        spread(write),
        spread(read),
        spread(both),
        `${significant(timesOurs)}x`,
      ]),
    ),

  speed: () => {
    const { signed, floor, ...others } = cookies.results["200 bytes"];
    const times = (name) => significant(others[name].timesOurs);
    return [
      `Reading and writing a session of 200 bytes takes ${microseconds(signed.both.median)} µs, which is ${significant(1 / floor.timesOurs)} times the least`,
      "that a signed cookie must do, written by hand: JSON, base64url and one HMAC each way. iron-session 9 takes",
      `${times("iron-session")} times as long as this package, and Auth.js ${times("Auth.js JWE")} times.`,
    ].join("\n");
  },

  everySize: () =>
    table(
      ["read + write, µs", ...payloadSizes, "3.5 KB against the floor"],
      bySpeed("200 bytes").map(([name]) => [
        name,
        ...payloadSizes.map((size) => microseconds(cookies.results[size][name].both.median)),
        `${significant(cookies.results["3.5 KB"][name].timesFloor)}x`,
      ]),
    ),

  runtimes: () =>
    table(
      ["read + write of 200 bytes, µs", ...Object.keys(runtimes)],
      [
        ...names.map((name) => [
          name,
          ...usuals.map((usual) => (usual[name] ? microseconds(usual[name].both.median) : "")),
        ]),
        [
          "iron-session against signed",
          ...usuals.map((usual) => `${significant(usual["iron-session"].timesOurs)}x`),
        ],
      ],
    ),

  http: () =>
    table(
      ["route", "requests/second", "of the plain cookie's", "CPU µs/request"],
      Object.entries(http.results).map(([path, figure]) => [
        `\`${path}\``,
        `${significant(figure.perSecond.median)} (${significant(figure.perSecond.p25)}–${significant(figure.perSecond.p75)})`,
        `${figure.throughputOfPlain.toFixed(1)}%`,
        significant(figure.cpuMicroseconds.median),
      ]),
    ),

  scale: () =>
    table(
      ["", "bytes a session", "read, ms", "change, ms", "reads/second", "changes/second"],
      Object.entries(scale.results).map(([name, figures]) => [
        name,
        significant(figures.bytesPerSession),
        `${significant(figures.read.p50)} (${significant(figures.read.p99)})`,
        `${significant(figures.change.p50)} (${significant(figures.change.p99)})`,
        significant(figures.readsPerSecond),
        significant(figures.changesPerSecond),
      ]),
    ),

  cookieBytes: () =>
    table(
      ["bytes of cookie", ...Object.keys(sizes.cookieBytes.signed)],
      Object.entries(sizes.cookieBytes)
        .sort(([, a], [, b]) => a["200 bytes"] - b["200 bytes"])
        .map(([name, bytes]) => [name, ...Object.values(bytes).map(significant)]),
    ),

  packages: () =>
    table(
      ["", "Node bundle", "edge bundle", "loaded later", "installed", "dependencies", "import"],
      Object.keys(sizes.bundles).map((name) => [
        name,
        kilobytes(sizes.bundles[name].node.gzipped),
        kilobytes(sizes.bundles[name].edge.gzipped),
        kilobytes(sizes.bundles[name].node.gzippedLater),
        kilobytes(sizes.installs[name].all),
        sizes.installs[name].dependencies,
        `${significant(sizes.imports[name].median / 1e6)} ms`,
      ]),
    ),

  firstSession: () => {
    const { gzipped } = sizes.bundles["next-signed-session"].node;
    const { "without options": without, "with options": options } = sizes.firstSession;
    return [
      `An app without options loads ${kilobytes(gzipped + without)} until its first session was saved and read again. One with options`,
      `loads the code that checks them as well: ${kilobytes(gzipped + options)} in all.`,
    ].join("\n");
  },

  ahead: () => {
    const lines = [];
    for (const size of payloadSizes) {
      const { signed, ...others } = cookies.results[size];
      for (const operation of ["write", "read"]) {
        const faster = peers(others).filter(
          ([, figure]) => figure[operation].median < signed[operation].median,
        );
        for (const [name, figure] of faster) {
          lines.push(
            `- ${name} ${operation}s ${sessionOf(size)} in ${microseconds(figure[operation].median)} µs, ours in ${microseconds(signed[operation].median)} µs.`,
          );
        }
      }
      const smaller = Object.entries(sizes.cookieBytes)
        .filter(([name, bytes]) => isPeer(name) && bytes[size] < sizes.cookieBytes.signed[size])
        .map(([name, bytes]) => `${name} ${significant(bytes[size])}`);
      if (smaller.length > 0) {
        lines.push(
          `- Shorter cookies for ${sessionOf(size)}, where ours has ${significant(sizes.cookieBytes.signed[size])} bytes: ${smaller.join(", ")}.`,
        );
      }
    }
    const ours = sizes.bundles["next-signed-session"].node.gzipped;
    const lighter = Object.entries(sizes.bundles)
      .filter(([, { node }]) => node.gzipped < ours)
      .map(([name, { node }]) => `${name} ${kilobytes(node.gzipped)}`);
    if (lighter.length > 0) {
      lines.push(`- Smaller in a bundle than our ${kilobytes(ours)}: ${lighter.join(", ")}.`);
    }
    return lines.join("\n");
  },
};

const placed = new Set();
for (const page of pages) {
  const text = readFileSync(page, "utf8");
  const places = /(<!-- (\w+) -->)[\s\S]*?(<!-- \/\2 -->)/g;
  const written = text.replace(places, (_, begin, name, end) => {
    placed.add(name);
    return `${begin}\n\n${tables[name]()}\n\n${end}`;
  });
  writeFileSync(page, written);
}
for (const name of Object.keys(tables)) {
  if (!placed.has(name)) throw new Error(`no page has a place for the table "${name}"`);
}

function peers(figures) {
  return Object.entries(figures).filter(([name]) => isPeer(name));
}

function bySpeed(size) {
  return Object.entries(cookies.results[size]).sort(
    ([, a], [, b]) => a.both.median - b.both.median,
  );
}

function microseconds(nanoseconds) {
  return significant(nanoseconds / 1000);
}

function spread({ median, p25, p75 }) {
  return `${microseconds(median)} (${microseconds(p25)}–${microseconds(p75)})`;
}

function kilobytes(bytes) {
  return `${significant(bytes / 1024)} KB`;
}
