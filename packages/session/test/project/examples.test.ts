import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import packageManifest from "../../package.json" with { type: "json" };
import { samplesOf } from "../support/samples.ts";
import { errorsOf } from "../support/tsc.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const projects = join(root, "packages/session/test-results/examples");

const examples = readdirSync(join(root, "examples")).filter((name) =>
  existsSync(join(root, "examples", name, "package.json")),
);

const read = (path: string) => readFileSync(join(root, "examples", path), "utf8");

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifestOf = (example: string): Manifest => JSON.parse(read(`${example}/package.json`));

/** What `tsc` has to say of an example, with the package as it is built. */
async function compile(example: string): Promise<string[]> {
  const folder = join(root, "examples", example);
  const config = {
    extends: join(folder, "tsconfig.json"),
    compilerOptions: {
      incremental: false,
      types: ["node", "next"], // as next-env.d.ts has it, which Next.js makes
      paths: { "@/*": [`${folder}/*`] },
    },
    include: [`${folder}/**/*.ts`, `${folder}/**/*.tsx`],
    exclude: [`${folder}/node_modules`, `${folder}/.next`],
  };
  const project = join(projects, `${example}.json`);
  writeFileSync(project, JSON.stringify(config, null, 2));
  return errorsOf(project, projects);
}

describe("the examples", () => {
  const errors = new Map<string, string[]>();

  beforeAll(async () => {
    rmSync(projects, { recursive: true, force: true });
    mkdirSync(projects, { recursive: true });
    await Promise.all(examples.map(async (example) => errors.set(example, await compile(example))));
  }, 60_000);

  it("are in the list of their folder, each with its one command", () => {
    const rows = read("README.md").matchAll(
      /^\| \[([\w-]+)\]\(\1\) .* `npm install && npm (.*)` \|$/gm,
    );
    const listed = [...rows].map(([, name, command = ""]) => [name, command.replace("run ", "")]);
    expect(listed.map(([name]) => name).sort()).toEqual([...examples].sort());
    for (const [name = "", script = ""] of listed) {
      expect(manifestOf(name).scripts).toHaveProperty(script);
      expect(samplesOf(read(`${name}/README.md`))[0]?.code).toMatch(
        new RegExp(`^npm install && npm (run )?${script}\n$`),
      );
    }
  });

  it.each(examples)("%s: compiles", (example) => {
    expect(errors.get(example)).toEqual([]);
  });

  it.each(examples)("%s: asks for the version of the package that is here", (example) => {
    const { "next-signed-session": range } = manifestOf(example).dependencies;
    expect(range).toBe(`^${packageManifest.version}`);
  });

  it.each(examples)("%s: its README names files that are there", (example) => {
    const named = [
      ...read(`${example}/README.md`).matchAll(/`([\w./-]+(?:\/|\.(?:tsx?|mjs|py|yaml|txt)))`/g),
    ].map(([, path = ""]) => path);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((path) => !existsSync(join(root, "examples", example, path)))).toEqual([]);
  });

  it.each(examples)("%s: keeps its secret and what it makes out of git", (example) => {
    const ignored = read(`${example}/.gitignore`).split("\n");
    expect(ignored).toEqual(expect.arrayContaining([".env*.local", "node_modules/", ".next/"]));
  });
});
