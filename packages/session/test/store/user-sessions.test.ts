import { afterEach, describe, expect, it, vi } from "vitest";
import { Explorer } from "../support/model/explore.ts";
import { type ModelRequest, programsOf } from "../support/model/requests.ts";

const current = vi.hoisted(() => ({ explorer: undefined as Explorer | undefined }));

vi.mock("../../src/store/locks.ts", () => ({
  oneAtATime: (key: string, task: () => Promise<unknown>) =>
    current.explorer ? current.explorer.oneAtATime(key, task) : task(),
}));

afterEach(() => {
  current.explorer = undefined;
});

/** The user of the session before, whose sessions all end. */
const ADA = 7;
const BOB = 8;

const endsAll: ModelRequest = { name: "ends all", endsAllOf: ADA };

const requests: readonly ModelRequest[] = [
  {
    name: "changes",
    act: (data, _read, number) => {
      data[`own ${number}`] = number;
    },
  },
  { name: "regenerates", renewal: "regenerate" },
  { name: "clears", renewal: "clear" },
  {
    name: "becomes Bob's",
    act: (data) => {
      data.userId = BOB;
    },
  },
  {
    name: "regenerates and becomes Bob's",
    renewal: "regenerate",
    act: (data) => {
      data.userId = BOB;
    },
  },
  {
    name: "clears and becomes Bob's",
    renewal: "clear",
    act: (data) => {
      data.userId = BOB;
    },
  },
];

/** `npm run fuzz` tries all pairs. */
const IS_LONG = process.env.FUZZ_TRIES !== undefined;

const named = (...names: string[]) =>
  names.map((name) => requests.find((request) => request.name === name) as ModelRequest);

const PAIRS = [
  named("regenerates", "becomes Bob's"),
  named("changes", "regenerates and becomes Bob's"),
  named("regenerates and becomes Bob's", "clears"),
];

/** The users of the sessions that live, and how many of these are in no list. */
function view(entries: ReadonlyMap<string, string>, groups: ReadonlySet<string>): string {
  const living = [...entries].flatMap(([key, value]) => {
    const content = key.endsWith(":ended") ? undefined : JSON.parse(value);
    const userId = Array.isArray(content) ? content[1][" c"][1].userId : undefined;
    return userId === undefined ? [] : [{ key, userId }];
  });
  const isListed = ({ key, userId }: { key: string; userId: number }) =>
    groups.has(`session:user:${userId} ${key}`);
  const users = living.map(({ userId }) => userId).sort();
  return JSON.stringify({ users, unlisted: living.filter((one) => !isListed(one)).length });
}

describe.each([
  ["with compareAndSet, on several processes", true],
  ["without compareAndSet, on one process", false],
])("in a store %s, in every order of the store's operations,", (_which, isAtomic) => {
  async function outcomesOf(program: readonly ModelRequest[]) {
    const explorer = new Explorer(isAtomic, {
      before: { userId: ADA, theme: "dark" },
      userOf: (data) => data.userId as number | undefined,
      view,
    });
    current.explorer = explorer;
    vi.spyOn(crypto, "getRandomValues").mockImplementation((bytes) => explorer.fillRandom(bytes));
    const outcomes = await explorer.outcomesOf(program);
    return [...outcomes].map(([outcome, order]) => ({ ...JSON.parse(outcome), order }));
  }

  const programs = [...programsOf(requests, 1), ...(IS_LONG ? programsOf(requests, 2) : PAIRS)];
  it.each(
    programs.map((program) => [program.map(({ name }) => name).join(" | "), program] as const),
  )(
    "no session of a user's lives after endSessionsOf() beside a request that %s",
    async (_names, program) => {
      for (const { users, unlisted, order } of await outcomesOf([...program, endsAll])) {
        expect(users, `in the order ${order}`).not.toContain(ADA);
        expect(unlisted, `in the order ${order}`).toBe(0);
      }
    },
  );

  it("another user's session that has taken its place lives", async () => {
    const outcomes = await outcomesOf([...named("clears and becomes Bob's"), endsAll]);
    expect(outcomes.map(({ users }) => users)).toEqual([[BOB]]);
  });

  it("all living sessions are listed, with any two requests", async () => {
    for (const pair of programsOf(requests, 2)) {
      for (const { unlisted, order } of await outcomesOf(pair)) {
        expect(unlisted, `${pair.map(({ name }) => name)} in the order ${order}`).toBe(0);
      }
    }
  });
});
