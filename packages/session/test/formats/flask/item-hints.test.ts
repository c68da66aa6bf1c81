import { describe, expect, it } from "vitest";
import { dumpFlaskJson } from "../../../src/formats/flask/dump.ts";
import { loadFlaskJson } from "../../../src/formats/flask/load.ts";

type Change = (list: unknown[]) => unknown;

/** The list as it is written after a change to what was read. */
function changed(list: string, change: Change): string {
  const session = loadFlaskJson(`{"list":${list}}`) as { list: unknown[] };
  change(session.list);
  return dumpFlaskJson(session).slice('{"list":'.length, -1);
}

const copied = (item: unknown) => (Array.isArray(item) ? [...item] : item);

describe("a list that is changed keeps the type of each item", () => {
  const TUPLE_THEN_LIST = '[{" t":["a",1]},["b",2]]';

  it.each<[string, string, Change, string]>([
    ["shift() leaves a list a list", TUPLE_THEN_LIST, (list) => list.shift(), '[["b",2]]'],
    [
      "reverse() moves a tuple and a list",
      TUPLE_THEN_LIST,
      (list) => list.reverse(),
      '[["b",2],{" t":["a",1]}]',
    ],
    [
      "unshift() moves a tuple and a list",
      TUPLE_THEN_LIST,
      (list) => list.unshift("x"),
      '["x",{" t":["a",1]},["b",2]]',
    ],
    [
      "a new array before a tuple is a list",
      TUPLE_THEN_LIST,
      (list) => list.unshift(["c", 3]),
      '[["c",3],{" t":["a",1]},["b",2]]',
    ],
    [
      "a dict takes no types from the dict whose place it takes",
      '[{"n":1.0},{"n":1}]',
      (list) => list.shift(),
      '[{"n":1}]',
    ],
    [
      "a copy keeps the type of what it copies",
      TUPLE_THEN_LIST,
      (list) => list.splice(0, 2, ...list.map(copied)),
      TUPLE_THEN_LIST,
    ],
    [
      "a changed copy in the same place does as well",
      TUPLE_THEN_LIST,
      (list) => list.splice(0, 1, ["a", 2]),
      '[{" t":["a",2]},["b",2]]',
    ],
    [
      "a copy does where the list grew at its end",
      TUPLE_THEN_LIST,
      (list) => list.splice(0, 2, ...list.map(copied), "x"),
      '[{" t":["a",1]},["b",2],"x"]',
    ],
    [
      "a copy that moved to the place of a tuple is a list",
      '[{" t":[]},[1],[2]]',
      (list) => list.splice(0, 2, copied(list[1])),
      "[[1],[2]]",
    ],
    [
      "copies of a tuple and a list, one of them gone, are lists: nothing shows which is left",
      TUPLE_THEN_LIST,
      (list) => list.splice(0, 2, copied(list[1])),
      '[["b",2]]',
    ],
    ["a float is a float wherever it moves", '[1.0,"x"]', (list) => list.reverse(), '["x",1.0]'],
    ["and an int is an int", "[1.0,2]", (list) => list.shift(), "[2]"],
  ])("%s", (_, list, change, result) => {
    expect(changed(list, change)).toBe(result);
  });
});

describe("where an int and an equal float are in one list", () => {
  it.each<[string, string, Change, string]>([
    ["both are kept while the list is not changed", "[1.0,1]", () => {}, "[1.0,1]"],
    ["both are when it grows at its end", "[1.0,1]", (list) => list.push("x"), '[1.0,1,"x"]'],
    ["both are when it grows at its start", "[1.0,1]", (list) => list.unshift("x"), '["x",1.0,1]'],
    ["both are when it shrinks at its start", "[0,1.0,1]", (list) => list.shift(), "[1.0,1]"],
    ["what is left after shift() is an int", "[1.0,1]", (list) => list.shift(), "[1]"],
    ["what is left after pop() is an int, for lack of a sign", "[1.0,1]", (l) => l.pop(), "[1]"],
    ["an int does not become a float", '[1.0,1,"x"]', (list) => list.shift(), '[1,"x"]'],
    ["nor does it in a list that was turned", '[1.0,1,"x"]', (l) => l.reverse(), '["x",1,1]'],
    ["nor where items went at both ends", '[0,1,"x",1.0,2]', (l) => l.slice(1), '[0,1,"x",1.0,2]'],
    [
      "nor in a list that was rotated",
      "[1.0,1,2,3]",
      (list) => list.push(list.shift()),
      "[1,2,3,1]",
    ],
    ["-0.0 is a float beside 0.0", "[0.0,-0.0,5]", (list) => list.reverse(), "[5,-0.0,0.0]"],
  ])("%s", (_, list, change, result) => {
    expect(changed(list, change)).toBe(result);
  });

  it("a str does not become the Markup of the same text", () => {
    expect(changed('[{" m":"<b>"},"<b>"]', (list) => list.shift())).toBe('["<b>"]');
    expect(changed('["<b>",{" m":"<b>"},"x"]', (list) => list.splice(1, 1))).toBe('["<b>","x"]');
  });
});
