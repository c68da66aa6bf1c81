import { afterEach, describe, expect, it, vi } from "vitest";
import { oncePerRequest } from "../../src/core/request-scope.ts";
import { SessionOptionError } from "../../src/errors/errors.ts";
import { thrownBy } from "../support/thrown.ts";

/** Definitions are the same if their options are. */
const defined = (options: string, name = "session") => ({
  name,
  options,
  isSameAs: (other: object) => "options" in other && other.options === options,
});

const definition = defined("as defined here");

afterEach(() => {
  vi.resetModules();
});

describe("one session a request", () => {
  it("is opened once, however often and whenever it is asked for", async () => {
    const request = {};
    const open = vi.fn(async () => ({ visits: 1 }));
    const [first, second] = await Promise.all([
      oncePerRequest(request, definition, open),
      oncePerRequest(request, definition, open),
    ]);
    const third = await oncePerRequest(request, definition, open);
    expect(second).toBe(first);
    expect(third).toBe(first);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it("is never another request's, were the two at the same time and of one definition", async () => {
    const open = async () => ({});
    const sessions = await Promise.all(
      Array.from({ length: 50 }, () => oncePerRequest({}, definition, open)),
    );
    expect(new Set(sessions).size).toBe(50);
  });

  it("is one for each cookie name", async () => {
    const request = {};
    const open = async () => ({});
    const session = await oncePerRequest(request, definition, open);
    const other = await oncePerRequest(request, { ...definition, name: "admin" }, open);
    expect(other).not.toBe(session);
    expect(await oncePerRequest(request, definition, open)).toBe(session);
  });

  it("takes a name such as __proto__", async () => {
    const request = {};
    const session = {};
    const named = { ...definition, name: "__proto__" };
    expect(await oncePerRequest(request, named, async () => session)).toBe(session);
    expect(await oncePerRequest(request, named, async () => ({}))).toBe(session);
  });

  it("takes a frozen request", async () => {
    const request = Object.freeze({});
    const session = await oncePerRequest(request, definition, async () => ({}));
    expect(await oncePerRequest(request, definition, async () => ({}))).toBe(session);
  });

  it("is refused to a second definition of the same name, which would overwrite it", async () => {
    const request = {};
    const open = vi.fn(async () => ({}));
    await oncePerRequest(request, definition, open);
    const other = defined("as defined there");
    const error = await thrownBy(() => oncePerRequest(request, other, open), SessionOptionError);
    expect(error.code).toBe("ERR_SESSION_NAME_TAKEN");
    expect(error.message).toBe(
      'Two different session definitions use the cookie name "session" in one request, and would overwrite each other. Define each session once, in a module of its own, and give a second kind another `name`.',
    );
    expect(open).toHaveBeenCalledTimes(1);
  });

  it("is given to a second definition in another request", async () => {
    await oncePerRequest({}, definition, async () => ({}));
    const other = defined("as defined there");
    await expect(oncePerRequest({}, other, async () => "opened")).resolves.toBe("opened");
  });

  it("is shared by all instances of this package in one process", async () => {
    vi.resetModules();
    const anotherInstance = await import("../../src/core/request-scope.ts");
    expect(anotherInstance.oncePerRequest).not.toBe(oncePerRequest);
    const request = {};
    const session = await oncePerRequest(request, definition, async () => ({}));
    expect(await anotherInstance.oncePerRequest(request, definition, async () => ({}))).toBe(
      session,
    );
  });
});

describe("a session that could not be opened", () => {
  it("is tried again at the next call, and fails for all callers that wait for the first", async () => {
    const request = {};
    const failure = new Error("the store is down");
    const open = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(failure)
      .mockResolvedValueOnce("opened");
    const waiting = await Promise.allSettled([
      oncePerRequest(request, definition, open),
      oncePerRequest(request, definition, open),
    ]);
    expect(waiting).toEqual([
      { status: "rejected", reason: failure },
      { status: "rejected", reason: failure },
    ]);
    await expect(oncePerRequest(request, definition, open)).resolves.toBe("opened");
    await expect(oncePerRequest(request, definition, open)).resolves.toBe("opened");
    expect(open).toHaveBeenCalledTimes(2);
  });

  it("can be tried again as soon as its failure is known", async () => {
    const request = {};
    const failing = oncePerRequest(request, definition, () => Promise.reject(new Error("no")));
    const retried = failing.catch(() => oncePerRequest(request, definition, async () => "opened"));
    await expect(retried).resolves.toBe("opened");
  });

  it("leaves the name to another definition", async () => {
    const request = {};
    await expect(
      oncePerRequest(request, definition, () => Promise.reject(new Error("no"))),
    ).rejects.toThrow("no");
    const other = defined("as defined there");
    await expect(oncePerRequest(request, other, async () => "opened")).resolves.toBe("opened");
  });
});
