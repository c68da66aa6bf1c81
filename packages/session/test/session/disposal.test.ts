import { describe, expect, it } from "vitest";
import { disposal } from "../../src/session/disposal.ts";

const failure = new Error("the session was not saved");
const redirect = Object.assign(new Error("NEXT_REDIRECT"), { digest: "NEXT_REDIRECT;push;/;303;" });

const failing = { [Symbol.asyncDispose]: () => disposal(Promise.reject(failure)) };
const saving = { [Symbol.asyncDispose]: () => disposal(Promise.resolve()) };
const closing = { [Symbol.asyncDispose]: async () => {} };

/** What comes out of an `await using` scope that is left by throwing this. */
async function leaving(scope: AsyncDisposable, thrown?: unknown): Promise<unknown> {
  try {
    await using first = closing;
    await using second = scope;
    void [first, second];
    if (thrown) throw thrown;
    return "left";
  } catch (error) {
    return error;
  }
}

describe("the error of a failed save, at the end of its scope", () => {
  it("comes out as it is", async () => {
    expect(await leaving(failing)).toBe(failure);
  });

  it("comes out as it is when redirect() or notFound() leaves the scope", async () => {
    expect(await leaving(failing, redirect)).toBe(failure);
  });

  it("comes out beside any other error that leaves the scope: neither is lost", async () => {
    const bug = new Error("a bug");
    const joined = await leaving(failing, bug);
    expect(joined).toMatchObject({ name: "SuppressedError", error: failure, suppressed: bug });
  });
});

describe("a save that succeeds, at the end of its scope", () => {
  it("leaves what leaves the scope alone", async () => {
    expect(await leaving(saving)).toBe("left");
    expect(await leaving(saving, redirect)).toBe(redirect);
  });
});

describe("the promise itself", () => {
  it("is like any other", async () => {
    await expect(disposal(Promise.reject(failure))).rejects.toBe(failure);
    expect(await disposal(Promise.reject(failure)).catch((error) => error)).toBe(failure);
    expect(await disposal(Promise.reject(failure)).then(undefined, () => "caught")).toBe("caught");
    expect(await disposal(Promise.resolve()).then(() => "saved")).toBe("saved");
    expect(await disposal(Promise.resolve()).finally(() => {})).toBeUndefined();
    await expect(Promise.all([disposal(Promise.reject(failure))])).rejects.toBe(failure);
  });
});
