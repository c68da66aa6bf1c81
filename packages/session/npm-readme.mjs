// The README that npm shows: that of the repository, with links that lead there, and without the two
// commands that only a clone has. The address is `repository` in package.json.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const { repository } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const address = repository.url.replace(/^git\+|\.git$/g, "");
const raw = address.replace("https://github.com/", "https://raw.githubusercontent.com/");

const readme = readFileSync(join(here, "../../README.md"), "utf8")
  .replace(/^## Try it\n.*?(?=^## )/ms, "")
  .replace(/(!\[[^\]]*\])\((?!https?:)([^)]+)\)/g, `$1(${raw}/main/$2)`)
  .replace(/(?<!!\[[^\]]*)\]\((?!https?:|#)([^)]+)\)/g, `](${address}/blob/main/$1)`);

writeFileSync(join(here, "README.md"), readme);
