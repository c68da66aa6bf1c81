import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("../src/", import.meta.url));

interface Imports {
  /** Modules whose code is loaded, at once or later. */
  readonly values: string[];
  readonly types: string[];
}

const sources = new Map<string, Imports>(
  readdirSync(folder).map((file) => {
    const statements = readFileSync(folder + file, "utf8").matchAll(
      /^(?:import|export) (type )?[^;"]*?from "([^"]+)";|import\("([^"]+)"\)/gm,
    );
    const found = [...statements].map(([, type, module, later]) => ({
      type,
      module: (module ?? later ?? "").replace(/^\.\//, ""),
    }));
    const modules = (isType: boolean) =>
      found.filter(({ type }) => (type !== undefined) === isType).map(({ module }) => module);
    return [file, { values: modules(false), types: modules(true) }];
  }),
);

const files = (pattern: RegExp) => [...sources.keys()].filter((file) => pattern.test(file));
const valuesOf = (file: string) => sources.get(file)?.values ?? [];
const allOf = (file: string) => [...valuesOf(file), ...(sources.get(file)?.types ?? [])];

/** The ring of imports that a file is part of. */
function ringOf(file: string, path: string[] = []): string[] | undefined {
  if (path[0] === file) return [...path, file];
  if (path.includes(file)) return undefined;
  for (const next of valuesOf(file).filter((module) => sources.has(module))) {
    const ring = ringOf(next, [...path, file]);
    if (ring) return ring;
  }
  return undefined;
}

describe("the sources, as docs/images/architecture.svg has them,", () => {
  it("were all read", () => {
    expect(valuesOf("session-interface.ts")).toContain("session.ts");
    expect(allOf("session-interface.ts")).toContain("jar.ts");
    expect(valuesOf("formats.ts")).toContain("codec.sealed.ts");
  });

  it.each([...sources.keys()])("import only downwards: %s", (file) => {
    expect(ringOf(file)).toBeUndefined();
  });

  it.each(files(/^jar\./))("have jars that know no format: %s", (file) => {
    expect(allOf(file).filter((module) => /^(codec\.(?!ts)|signer|payload)/.test(module))).toEqual(
      [],
    );
  });

  it.each(files(/^codec\./))("have codecs that know no request: %s", (file) => {
    expect(allOf(file).filter((module) => /^(jar|next|node:http)/.test(module))).toEqual([]);
  });

  it("have a Session that knows neither", () => {
    expect(allOf("session.ts").filter((module) => !module.startsWith("flash"))).toEqual([
      "codec.ts",
      "flask-json.ts",
    ]);
    expect(valuesOf("session.ts")).toEqual(["flash.ts"]);
  });

  it("import Next in its adapters alone, and as types where getSession's arguments are named", () => {
    const importing = (of: (file: string) => string[]) =>
      [...sources.keys()].filter((file) => of(file).some((module) => module.startsWith("next/")));
    expect(importing(valuesOf)).toEqual(["jar.next.ts"]);
    expect(importing(allOf)).toEqual([
      "define-session.ts",
      "jar.next.ts",
      "jar.proxy.ts",
      "jar.response.ts",
    ]);
  });

  it("import cryptography behind #primitives and #iron alone", () => {
    const crypto = (module: string) => /^(node:(crypto|zlib)|iron-webcrypto|fflate)$/.test(module);
    expect([...sources.keys()].filter((file) => allOf(file).some(crypto))).toEqual([
      "cli.ts",
      "codec.iron-session.ts",
      "iron.node.ts",
      "iron.web.ts",
      "primitives.node.ts",
      "primitives.web.ts",
    ]);
  });
});
