import { afterEach, describe, expect, it, vi } from "vitest";
import type * as Merge from "../../src/store/merge.ts";
import { Explorer } from "../support/model/explore.ts";
import {
  type ModelRequest,
  programsOf,
  REQUESTS,
  requestsNamed,
} from "../support/model/requests.ts";
import { serialOutcomes } from "../support/model/serial.ts";

type MergeModule = Pick<typeof Merge, "merge" | "mergeIndependent">;

const current = vi.hoisted(() => ({
  explorer: undefined as Explorer | undefined,
  mutate: undefined as ((real: MergeModule) => Partial<MergeModule>) | undefined,
}));

// The explorer knows which request waits for a lock, and which for the store.
vi.mock("../../src/store/locks.ts", () => ({
  oneAtATime: (key: string, task: () => Promise<unknown>) =>
    current.explorer ? current.explorer.oneAtATime(key, task) : task(),
}));

vi.mock("../../src/store/merge.ts", async (importOriginal) => {
  const real = await importOriginal<typeof Merge>();
  const mutated = (): MergeModule => ({ ...real, ...current.mutate?.(real) });
  return {
    ...real,
    merge: (...given: Parameters<MergeModule["merge"]>) => mutated().merge(...given),
    mergeIndependent: (...given: Parameters<MergeModule["mergeIndependent"]>) =>
      mutated().mergeIndependent(...given),
  };
});

function explorerOf(isAtomic: boolean): Explorer {
  const explorer = new Explorer(isAtomic);
  current.explorer = explorer;
  vi.spyOn(crypto, "getRandomValues").mockImplementation((bytes) => explorer.fillRandom(bytes));
  return explorer;
}

/** The first outcome that no order of the requests gives. */
async function violationOf(
  explorer: Explorer,
  program: readonly ModelRequest[],
): Promise<string | undefined> {
  const serial = serialOutcomes(program);
  for (const [outcome, order] of await explorer.outcomesOf(program)) {
    if (serial.has(outcome)) continue;
    const requests = program.map(({ name }) => name).join(" | ");
    return `${requests}\n  in the order ${order}: ${outcome}\n  serial: ${[...serial].join("\n          ")}`;
  }
  return undefined;
}

async function violationsOf(
  explorer: Explorer,
  programs: readonly (readonly ModelRequest[])[],
): Promise<string[]> {
  const violations: string[] = [];
  for (const program of programs) {
    const violation = await violationOf(explorer, program);
    if (violation) violations.push(violation);
  }
  return violations;
}

afterEach(() => {
  current.explorer = undefined;
  current.mutate = undefined;
});

/** Every kind of merge and of renewal once: the requests of the larger programs. */
const KINDS = requestsNamed(
  "sets two keys",
  "adds in place",
  "adds by spread",
  "changes by spread",
  "assigns an object and a key",
  "deletes an object and sets a key",
  "clears",
  "clears and logs in",
  "regenerates and logs in",
  "ends",
);

/** Sets of four have thousands of orders each. */
const FOUR = requestsNamed("adds by spread", "regenerates and logs in", "ends");

/** `npm run fuzz` tries all triples and sets of four. */
const IS_LONG = process.env.FUZZ_TRIES !== undefined;

describe.each([
  ["with compareAndSet, on several processes", true],
  ["without compareAndSet, on one process", false],
])("in a store %s, some order of the requests gives every outcome of", (_which, isAtomic) => {
  it.each<readonly [string, readonly ModelRequest[][]]>([
    ["two requests", programsOf(IS_LONG || isAtomic ? REQUESTS : KINDS, 2)],
    ["three requests", programsOf(IS_LONG ? REQUESTS : KINDS.slice(-2), 3)],
    ...(IS_LONG ? [["four requests", programsOf(FOUR, 4)] as const] : []),
  ])("%s", async (_size, programs) => {
    const explorer = explorerOf(isAtomic);
    expect((await violationsOf(explorer, programs)).join("\n\n")).toBe("");
    console.info(`${programs.length} programs, ${explorer.runs} runs, ${explorer.states} states`);
  });
});

describe("the model catches a merge that", () => {
  it.each<[string, readonly string[], (real: MergeModule) => Partial<MergeModule>]>([
    [
      "goes into assigned objects",
      ["assigns an object where none was", "assigns an object where none was"],
      ({ merge }) => ({
        merge: (base, mine, theirs, inPlace, equal) => {
          const merged = merge(base, mine, theirs, inPlace, equal);
          return { ...merged, user: { ...(theirs.user as object), ...(mine.user as object) } };
        },
      }),
    ],
    [
      "takes objects whole that were changed in place",
      ["changes in place", "removes in place"],
      ({ merge }) => ({
        merge: (base, mine, theirs, _inPlace, equal) => merge(base, mine, theirs, new Map(), equal),
      }),
    ],
    [
      "never joins objects that only grew",
      ["adds by spread", "adds by spread"],
      ({ merge }) => ({
        merge: (base, mine, theirs, inPlace, equal) => ({
          ...merge(base, mine, theirs, inPlace, equal),
          cart: mine.cart,
        }),
      }),
    ],
    [
      "takes the earlier value",
      ["sets two keys", "sets two keys"],
      ({ merge }) => ({
        merge: (base, mine, theirs, inPlace, equal) => ({
          ...merge(base, mine, theirs, inPlace, equal),
          ...(theirs.role !== undefined && { role: theirs.role }),
        }),
      }),
    ],
    [
      "counts an assigned object that equals the old one as not assigned",
      ["assigns an object and a key", "assigns an equal object and a key"],
      ({ merge }) => ({
        merge: (base, mine, theirs, inPlace, equal) => ({
          ...merge(base, mine, theirs, inPlace, equal),
          ...(equal(mine.tenant, base.tenant) && { tenant: theirs.tenant }),
        }),
      }),
    ],
    [
      "brings back an object that was deleted",
      ["changes the tenant in place", "deletes an object and sets a key"],
      ({ merge }) => ({
        merge: (base, mine, theirs, inPlace, equal) => ({
          ...merge(base, mine, theirs, inPlace, equal),
          ...(mine.tenant !== undefined && { tenant: mine.tenant }),
        }),
      }),
    ],
    [
      "forgets what was deleted",
      ["deletes an object and sets a key", "sets a key of its own"],
      ({ merge }) => ({
        merge: (base, mine, theirs, inPlace, equal) => ({
          ...merge(base, mine, theirs, inPlace, equal),
          ...(theirs.tenant !== undefined && { tenant: theirs.tenant }),
        }),
      }),
    ],
    [
      "takes a change along to a new id that set the same key",
      ["assigns an object where none was", "regenerates and logs in"],
      ({ mergeIndependent }) => ({
        mergeIndependent: (base, mine, theirs, equal) =>
          mergeIndependent(base, mine, theirs, equal) ?? { ...theirs, ...mine },
      }),
    ],
    [
      "takes half of a change along to a new id",
      ["sets two keys", "regenerates and logs in"],
      ({ mergeIndependent }) => ({
        mergeIndependent: (base, mine, theirs, equal) => {
          const merged = mergeIndependent(base, mine, theirs, equal);
          return merged && { ...merged, role: theirs.role };
        },
      }),
    ],
  ])("%s", async (_what, names, mutate) => {
    const program = requestsNamed(...names);
    expect(await violationOf(explorerOf(true), program)).toBeUndefined();
    current.mutate = mutate;
    expect(await violationOf(explorerOf(true), program)).toContain("serial:");
  });
});
