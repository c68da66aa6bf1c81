import fc from "fast-check";
import { expect, it } from "vitest";
import { dumpFlaskJson } from "../../../src/formats/flask/dump.ts";
import { loadFlaskJson } from "../../../src/formats/flask/load.ts";
import { asRead, asWritten, describeWithFlask, pythonValue } from "../../support/flask.ts";
import { RUNS } from "../../support/runs.ts";

describeWithFlask("between Flask and us", (flask) => {
  it(`reads ${RUNS} random sessions of Flask's, and writes them back byte for byte`, async () => {
    await fc.assert(
      fc.asyncProperty(pythonValue("any"), async (value) => {
        const text = await flask.dumps(["list", [value]]);
        const read = loadFlaskJson(text) as object;
        expect(read).toStrictEqual([asRead(value)]);
        expect(dumpFlaskJson(read)).toBe(text);
        expect(dumpFlaskJson(structuredClone(read), read)).toBe(text);
      }),
      { numRuns: RUNS },
    );
  });

  it(`writes ${RUNS} random sessions that Flask reads, and would have written the same`, async () => {
    await fc.assert(
      fc.asyncProperty(pythonValue("fractional"), async (value) => {
        const text = dumpFlaskJson(asWritten(value));
        const read = await flask.loads(text);
        expect(asRead(read.value)).toStrictEqual(asRead(value));
        expect(read.text).toBe(text);
        expect(await flask.dumps(value)).toBe(text);
      }),
      { numRuns: RUNS },
    );
  });

  it(`spells ${RUNS} random doubles as Python does`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ noNaN: true, noDefaultInfinity: true }), async (value) => {
        const text = dumpFlaskJson([value]);
        expect((await flask.loads(text)).text).toBe(text);
      }),
      { numRuns: RUNS },
    );
  });
});
