import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SessionOptions } from "../../src/options/options.ts";
import { SessionObject } from "../../src/session/session-object.ts";
import { RUNS } from "../support/runs.ts";
import { anyData, portrait } from "../support/values.ts";
import { sessionsWith, Visitor } from "../support/visitor.ts";

/** Without the names of controls, and of `constructor`: to assign to them is a TypeError. */
const assignable = anyData.map((data) =>
  Object.fromEntries(Object.entries(data).filter(([key]) => !isTaken(key))),
);

function isTaken(key: string): boolean {
  return Object.hasOwn(SessionObject.prototype, key) && key !== "__proto__";
}

describe.each<[string, SessionOptions, number]>([
  ["a signed cookie", {}, RUNS],
  ["a sealed cookie", { format: "sealed" }, RUNS],
  ["compression", { compress: true }, RUNS / 5],
  ["chunks and an absolute lifetime", { chunk: true, absoluteTimeout: { days: 90 } }, RUNS],
])("a session in %s", (_, options, numRuns) => {
  it("comes back equal in the next request, whatever was set, and is then unchanged", async () => {
    const sessions = await sessionsWith(options);
    await fc.assert(
      fc.asyncProperty(assignable, fc.boolean(), async (data, permanent) => {
        const visitor = new Visitor();
        await visitor.visits(sessions, (session) => {
          for (const key of Object.keys(data)) session[key] = data[key];
          session.permanent = permanent;
        });
        expect(portrait(await visitor.finds(sessions))).toBe(portrait(data));
        expect(await visitor.visits(sessions)).toEqual([]);
      }),
      { numRuns },
    );
  });
});
