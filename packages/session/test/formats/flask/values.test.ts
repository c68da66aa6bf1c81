import { describe, expect, it } from "vitest";
import { loadFlaskJson } from "../../../src/formats/flask/load.ts";
import { FlaskMarkup, FlaskUuid } from "../../../src/formats/flask/values.ts";

const UUID = "12345678-1234-5678-1234-56781234abcd";

describe("shown or rendered", () => {
  it("a FlaskUuid and a FlaskMarkup are their text", () => {
    const values = [new FlaskUuid(UUID), new FlaskMarkup("<b>")];
    expect(JSON.stringify(values)).toBe(JSON.stringify([UUID, "<b>"]));
    expect(values.map(String)).toStrictEqual([UUID, "<b>"]);
  });

  it("a tuple is an array like any other", () => {
    const { point } = loadFlaskJson('{"point":{" t":[1,2]}}') as { point: number[] };
    expect(Object.getPrototypeOf(point)).toBe(Array.prototype);
    expect(Reflect.ownKeys(point)).toStrictEqual(["0", "1", "length"]);
  });
});
