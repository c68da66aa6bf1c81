import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { flaskCodec } from "../../src/formats/flask/flask.ts";
import { FlaskUuid, flaskTuple } from "../../src/formats/flask/values.ts";
import { isPlainObject } from "../../src/runtime/plain-object.ts";
import { NOW, SECRET } from "../support/fixed.ts";
import {
  crowdedPythonDict,
  describeWithFlask,
  type PythonValue,
  pythonDict,
  type Step,
} from "../support/flask.ts";

/*
 * Sessions that Flask wrote are changed here and in Python by the same operations. Flask then reads
 * ours, and must find the same values of the same types. `npm run fuzz` runs 10,000 of them, with
 * another seed each time.
 */

const TRIES = process.env.FUZZ_TRIES ? Math.min(10_000, Number(process.env.FUZZ_TRIES)) : 300;
const SEED = Number(process.env.FUZZ_SEED ?? 20_231_114);

const codec = flaskCodec([SECRET]);
const signing = { secret: SECRET, time: NOW };
const tally = { sessions: 0, operations: 0, plainer: 0, taggedInstead: 0 };

type Path = readonly (string | number)[];
type Container = unknown[] | Record<string, unknown>;
type Draw = readonly [where: number, what: number, detail: number];

const draws = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 1, maxLength: 8 });

const session = fc.oneof(pythonDict("any"), crowdedPythonDict());

describeWithFlask("what Flask finds after our changes", (flask) => {
  it(`${TRIES} sessions of Flask's are the same for it after the same changes here and in Python`, {
    timeout: 60_000 + TRIES * 50,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(session, draws, async (value, drawn) => {
        const decoded = await codec.decode(await flask.sign(value, signing));
        if (!decoded.ok) throw new Error(decoded.reason);
        const { payload } = decoded;
        const steps = drawn.flatMap((draw, index) => changeAtRandom(payload.data, draw, index));
        const ours = await codec.encode(codec.serialize(payload), NOW);
        const { value: found = null } = await flask.unsign(ours, signing);
        const expected = await flask.change(value, steps);
        expect(withPlainKinds(found, expected, undecidableIn(value))).toStrictEqual(expected);
        tally.sessions++;
        tally.operations += steps.length;
      }),
      { numRuns: TRIES, seed: SEED },
    );
  });

  afterAll(() => {
    const { sessions, operations, plainer, taggedInstead } = tally;
    console.log(
      `flask: ${sessions} sessions, ${operations} operations, seed ${SEED}: every value and type equal, save where an equal value of another type was in the list (${plainer} were int or str instead, ${taggedInstead} the reverse)`,
    );
  });
});

/** Does one thing to one container, and gives the steps by which Python does the same. */
function changeAtRandom(data: Container, [where, what, detail]: Draw, index: number): Step[] {
  const containers = containersIn(data);
  const [path, container] = containers[where % containers.length] as [Path, Container];
  const [fresh, wire] = freshValue(what, index);
  const keys = Object.keys(container);
  const isRoot = container === data;
  const key = keys[detail % keys.length] as string;

  if (!Array.isArray(container)) {
    if (isRoot || what % 4 > 1 || keys.length === 0) {
      const name = what % 3 === 0 && keys.length > 0 ? key : `new${index}`;
      container[name] = fresh;
      return [["replace", path, name, wire]];
    }
    if (what % 4 === 1) return moved(data, [path, container], key, index);
    delete container[key];
    return [["remove", path, key]];
  }
  const at = Number(key ?? 0);
  const changes: [Step, () => unknown][] = [
    [["append", path, wire], () => container.push(fresh)],
    [["prepend", path, wire], () => container.unshift(fresh)],
    [["insert", path, at, wire], () => container.splice(at, 0, fresh)],
    [["reverse", path], () => container.reverse()],
  ];
  if (container.length > 0) {
    if (what % 10 === 0) return moved(data, [path, container], at, index);
    changes.push(
      [["remove", path, container.length - 1], () => container.pop()],
      [["remove", path, 0], () => container.shift()],
      [["rotate", path], () => container.push(container.shift())],
      [["splice", path, at, 2], () => container.splice(at, 2)],
      [["replace", path, at, wire], () => container.splice(at, 1, fresh)],
    );
  }
  const [step, change] = changes[what % changes.length] as [Step, () => unknown];
  change();
  return [step];
}

/** Moves a container to the root. A string or number that moves to another container is a new one. */
function moved(
  data: Container,
  [path, from]: [Path, Container],
  key: string | number,
  index: number,
) {
  const item = (from as Record<string | number, unknown>)[key];
  const name = `moved${index}`;
  const root = data as Record<string, unknown>;
  if (!Array.isArray(item) && !isPlainObject(item)) return [];
  if (Array.isArray(from)) from.splice(key as number, 1);
  else delete from[key];
  root[name] = item;
  const steps: Step[] = [
    ["keep", path, key],
    ["put", [], name],
  ];
  return steps;
}

function containersIn(container: Container, path: Path = []): [Path, Container][] {
  const entries: [string | number, unknown][] = Array.isArray(container)
    ? [...container.entries()]
    : Object.entries(container);
  const inside = entries.flatMap(([key, value]) =>
    Array.isArray(value) || isPlainObject(value) ? containersIn(value, [...path, key]) : [],
  );
  return [[path, container], ...inside];
}

/** A value that equals none that Flask wrote, and no array: one in the place of a tuple is a tuple. */
function freshValue(what: number, index: number): [unknown, PythonValue] {
  const kinds: [unknown, PythonValue][] = [
    [`fresh text ${index}`, `fresh text ${index}`],
    [7_000_000_000 + index, ["int", String(7_000_000_000 + index)]],
    [new Date(index * 1000), ["datetime", index]],
    [flaskTuple("pair", index), ["tuple", ["pair", ["int", String(index)]]]],
    [new FlaskUuid("0".repeat(32)), ["uuid", "00000000-0000-0000-0000-000000000000"]],
    [{ fresh: index }, ["dict", [["fresh", ["int", String(index)]]]]],
  ];
  return kinds[(what >> 4) % kinds.length] as [unknown, PythonValue];
}

/** The JavaScript values that one list holds in two types, such as 1 and 1.0. */
function undecidableIn(wire: PythonValue): Set<unknown> {
  if (!Array.isArray(wire)) return new Set();
  const [kind, content] = wire;
  if (kind === "dict") return new Set(content.flatMap(([, item]) => [...undecidableIn(item)]));
  if (kind !== "list" && kind !== "tuple") return new Set();
  const kinds = new Map<unknown, string>();
  const shared = new Set(content.flatMap((item) => [...undecidableIn(item)]));
  for (const item of content) {
    const scalar = plainScalar(item);
    if (!scalar) continue;
    const [itemKind, value] = scalar;
    if ((kinds.get(value) ?? itemKind) !== itemKind) shared.add(value);
    kinds.set(value, itemKind);
  }
  return shared;
}

/** Its kind, and the string or number that it is in JavaScript. */
function plainScalar(wire: PythonValue): [kind: string, value: unknown] | undefined {
  if (typeof wire === "string") return ["str", wire];
  if (!Array.isArray(wire)) return undefined;
  const [kind, content] = wire;
  if (kind === "float") return [kind, Buffer.from(content, "hex").readDoubleBE()];
  if (kind === "int") return [kind, Number(content)];
  return kind === "uuid" || kind === "markup" ? [kind, content] : undefined;
}

/** What was found, with the type that was expected where nothing could show it. */
function withPlainKinds(
  found: PythonValue,
  expected: PythonValue,
  undecidable: ReadonlySet<unknown>,
): PythonValue {
  const [is, value] = plainScalar(found) ?? [];
  const [shouldBe, same] = plainScalar(expected) ?? [];
  if (is && shouldBe && is !== shouldBe && value === same && undecidable.has(value)) {
    if (is === "int" || is === "str") tally.plainer++;
    else tally.taggedInstead++;
    return expected;
  }
  if (!Array.isArray(found) || !Array.isArray(expected) || found[0] !== expected[0]) return found;
  if (found[0] === "dict" && expected[0] === "dict") {
    const other = new Map(expected[1]);
    const entries = found[1].map(([key, item]): [string, PythonValue] => {
      return [key, withPlainKinds(item, other.get(key) ?? null, undecidable)];
    });
    return ["dict", entries];
  }
  if (found[0] !== "list" && found[0] !== "tuple") return found;
  const others = expected[1] as PythonValue[];
  const items = found[1].map((item, at) => withPlainKinds(item, others[at] ?? null, undecidable));
  return [found[0], items];
}
