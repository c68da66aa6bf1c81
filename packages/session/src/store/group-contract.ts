import {
  equal,
  freshKey,
  LONG_TTL,
  pause,
  requirement,
  SHORT_TTL,
  type StoreRequirement,
} from "./requirement.ts";
import { type GroupSessionStore, hasGroups } from "./store.ts";

/** What a store must do besides for the option `userOf`. */
export const groupStoreContract: readonly StoreRequirement[] = [
  grouping("a group that nothing was added to has no members", async (store, group) => {
    equal(await members(store, group), "");
  }),

  grouping("a group has the members that were added, each once", async (store, group) => {
    for (const member of ["b", "a", "b"]) await store.addMember(group, member, LONG_TTL);
    equal(await members(store, group), "a,b");
  }),

  grouping("a member that was removed is gone, and the others stay", async (store, group) => {
    for (const member of ["a", "b"]) await store.addMember(group, member, LONG_TTL);
    await store.removeMember(group, "a");
    equal(await members(store, group), "b");
  }),

  grouping("to remove what is no member is no error", async (store, group) => {
    await store.removeMember(group, "a");
    await store.addMember(group, "b", LONG_TTL);
    await store.removeMember(group, "a");
    equal(await members(store, group), "b");
  }),

  grouping("a member is gone when its time, in milliseconds, is over", async (store, group) => {
    await store.addMember(group, "long", LONG_TTL);
    await store.addMember(group, "short", SHORT_TTL);
    equal(await members(store, group), "long,short");
    await pause(SHORT_TTL + 200);
    equal(await members(store, group), "long");
  }),

  grouping("a group is empty when the time of all its members is over", async (store, group) => {
    await store.addMember(group, "a", SHORT_TTL);
    await pause(SHORT_TTL + 200);
    equal(await members(store, group), "");
  }),

  grouping("a member that is added again has its time from then on", async (store, group) => {
    await store.addMember(group, "longer", SHORT_TTL);
    await store.addMember(group, "longer", LONG_TTL);
    await store.addMember(group, "shorter", LONG_TTL);
    await store.addMember(group, "shorter", SHORT_TTL);
    await pause(SHORT_TTL + 200);
    equal(await members(store, group), "longer");
  }),

  grouping("groups and members differ by their case", async (store, group) => {
    await store.addMember(`${group}a`, "x", LONG_TTL);
    await store.addMember(`${group}A`, "y", LONG_TTL);
    await store.addMember(`${group}A`, "Y", LONG_TTL);
    equal(await members(store, `${group}a`), "x");
    equal(await members(store, `${group}A`), "Y,y");
  }),

  grouping("a hundred members added at once are all there", async (store, group) => {
    const names = Array.from({ length: 100 }, (_, index) => `${index + 100}`);
    await Promise.all(names.map(async (name) => store.addMember(group, name, LONG_TTL)));
    equal(await members(store, group), names.join());
  }),
];

function grouping(
  name: string,
  check: (store: GroupSessionStore, group: string) => Promise<void>,
): StoreRequirement {
  return requirement(name, async (store) => {
    if (!hasGroups(store)) throw new Error("the store lacks addMember, removeMember or membersOf");
    await check(store, freshKey());
  });
}

async function members(store: GroupSessionStore, group: string): Promise<string> {
  return [...(await store.membersOf(group))].sort().join();
}
