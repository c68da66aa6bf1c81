import { beforeEach, describe, expect, it } from "vitest";
import { count, permanently } from "../support/acts.ts";
import { DAY, OLDER_SECRET, SECRET, stoppedClock } from "../support/fixed.ts";
import { sessionsWith, Visitor } from "../support/visitor.ts";

let clock: ReturnType<typeof stoppedClock>;
let visitor: Visitor;

beforeEach(() => {
  clock = stoppedClock();
  visitor = new Visitor();
});

describe("a change of the secret", () => {
  it("loses nobody: read under the old, signed under the new at the next change", async () => {
    await visitor.visits(await sessionsWith({ secret: OLDER_SECRET }), count);
    const rotated = await sessionsWith({ secret: [SECRET, OLDER_SECRET] });
    expect(await visitor.visits(rotated)).toEqual([]);
    expect(await visitor.finds(await sessionsWith({ secret: SECRET }))).toEqual({});
    await visitor.visits(rotated, count);
    expect(await visitor.finds(await sessionsWith({ secret: SECRET }))).toEqual({ visits: 2 });
    expect(await visitor.finds(await sessionsWith({ secret: OLDER_SECRET }))).toEqual({});
  });

  it("signs a permanent session again with its refresh", async () => {
    await visitor.visits(await sessionsWith({ secret: OLDER_SECRET, clock }), permanently);
    clock.pass(DAY);
    await visitor.visits(await sessionsWith({ secret: [SECRET, OLDER_SECRET], clock }));
    expect(await visitor.finds(await sessionsWith({ clock }))).toEqual({ visits: 1 });
  });
});
