import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import { fileURLToPath } from "node:url";

const output = new URL("../out/", import.meta.url);

export const machine = {
  date: new Date().toISOString().slice(0, 10),
  cpu: os.cpus()[0].model,
  cores: os.availableParallelism(),
  memory: `${Math.round(os.totalmem() / 2 ** 30)} GB`,
  os: `${os.type()} ${os.machine()}`,
  node: process.version,
  load: os.loadavg()[0],
};

/** A Markdown table as wide as it needs, for it is read in the terminal too; numbers to the right. */
export function table(header, rows) {
  const cells = [header, ...rows].map((row) => row.map(String));
  const columns = header.map((_, column) => {
    const width = Math.max(...cells.map((row) => row[column].length));
    const isNumeric = column > 0 && cells.slice(1).some((row) => /^\d/.test(row[column]));
    return isNumeric
      ? { rule: `${"-".repeat(width - 1)}:`, pad: (cell) => cell.padStart(width) }
      : { rule: "-".repeat(width), pad: (cell) => cell.padEnd(width) };
  });
  const line = (row) => `| ${row.join(" | ")} |`;
  const padded = cells.map((row) => line(row.map((cell, column) => columns[column].pad(cell))));
  padded.splice(1, 0, line(columns.map(({ rule }) => rule)));
  return padded.join("\n");
}

/** What was to be reached, what was measured, and whether the one is the other. */
export function targetTable(targets) {
  return table(
    ["to reach", "limit", "measured", "met?"],
    targets.map(({ what, limit, measured, met }) => [
      what,
      limit,
      measured,
      met ? "met" : "NOT met",
    ]),
  );
}

export const atLeast = (what, measured, limit, unit = "x") => ({
  what,
  limit: `at least ${limit}${unit}`,
  measured: `${significant(measured)}${unit}`,
  met: measured >= limit,
});

export const atMost = (what, measured, limit, unit = "x") => ({
  what,
  limit: `at most ${limit}${unit}`,
  measured: `${significant(measured)}${unit}`,
  met: measured <= limit,
});

/** Three significant digits, and no exponent: 0.0123, 1.23, 12.3, 123, 1,230. */
export function significant(value) {
  return value >= 1000
    ? Math.round(value).toLocaleString("en-US")
    : String(Number(value.toPrecision(3)));
}

export function saveResults(name, results) {
  mkdirSync(output, { recursive: true });
  if (machine.load > machine.cores) {
    console.warn(
      `\nThe machine was busy with other programs (load ${machine.load.toFixed(1)}): whatever waits for another thread, as WebCrypto does, looks slower than it is.`,
    );
  }
  const file = fileURLToPath(new URL(`${name}.json`, output));
  writeFileSync(file, `${JSON.stringify({ machine, ...results }, null, 2)}\n`);
  console.log(`\n${file}`);
}
