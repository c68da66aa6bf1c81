import { describe, expect, it, vi } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import {
  SessionContextError,
  SessionOptionError,
  SessionSerializationError,
} from "../../src/errors/errors.ts";
import { FlaskUuid } from "../../src/flask.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { Visitor } from "../../src/testing.ts";
import { DAY, NOW, SECRET, stoppedClock } from "../support/fixed.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { thrownBy } from "../support/thrown.ts";

interface Data {
  name: string;
  cart: Record<string, number>;
  when: Date;
  tags: Set<string>;
  basket: string | FlaskUuid;
  email: string;
}

const define = (options: SessionOptions = {}) =>
  defineSession<Data>({
    ...{ secret: SECRET, clock: stoppedClock(), onReject: () => {} },
    ...options,
  } as SessionOptions & { schema?: undefined });

const at = (seconds: number) => new Date(seconds * 1000);

/** A visitor who has saved this session. */
async function visitorWith(
  { getSession }: Pick<ReturnType<typeof define>, "getSession">,
  data: Partial<Data>,
  permanent = false,
): Promise<Visitor> {
  const visitor = new Visitor();
  await visitor.request(async () => {
    await using session = await getSession();
    Object.assign(session, data, { permanent });
  });
  return visitor;
}

describe("the public session", () => {
  it("holds the keys that expose() named, and no other", async () => {
    const { getSession, getPublicSession } = define().expose("name", "cart");
    const data = { name: "Ada", cart: { apples: 1 }, email: "ada@example.com" };
    const visitor = await visitorWith({ getSession }, data);
    expect(await visitor.request(getPublicSession)).toEqual({
      name: "Ada",
      cart: { apples: 1 },
      expiresAt: at(NOW + 31 * DAY),
      readAt: at(NOW),
    });
  });

  it("has the time alone for a visitor without a session", async () => {
    const { getPublicSession } = define().expose("name");
    expect(await new Visitor().request(getPublicSession)).toStrictEqual({
      expiresAt: undefined,
      readAt: at(NOW),
    });
  });

  it("lacks what the session lacks, and still says when it ends", async () => {
    const { getSession, getPublicSession } = define().expose("name");
    const visitor = await visitorWith({ getSession }, { email: "ada@example.com" });
    expect(await visitor.request(getPublicSession)).toStrictEqual({
      expiresAt: at(NOW + 31 * DAY),
      readAt: at(NOW),
    });
  });

  it("is plain, has its values' types, and is nobody's way to change the session", async () => {
    const { getSession, getPublicSession } = define().expose("cart", "when", "tags");
    const data = { cart: { apples: 1 }, when: at(NOW), tags: new Set(["new"]) };
    const visitor = await visitorWith({ getSession }, data);
    await visitor.request(async () => {
      const given = await getPublicSession();
      expect(Object.getPrototypeOf(given)).toBe(Object.prototype);
      expect(given).toMatchObject(data);
      (given.cart as Data["cart"]).apples = 2;
      const session = await getSession();
      expect(session.cart).toEqual({ apples: 1 });
      expect(session.modified).toBe(false);
    });
  });

  it("shows what this request has changed, as the next request would read it", async () => {
    const { getSession, getPublicSession } = define({ format: "flask" }).expose("name", "basket");
    const uuid = "12345678-1234-5678-1234-567812345678";
    await new Visitor().request(async () => {
      await using session = await getSession();
      session.name = "Ada";
      session.basket = new FlaskUuid(uuid);
      expect(await getPublicSession()).toMatchObject({ name: "Ada", basket: uuid });
    });
  });

  it("says what cannot be kept, with its path", async () => {
    const { getSession, getPublicSession } = define().expose("name");
    await new Visitor().request(async () => {
      const session = await getSession();
      session.name = (() => "Ada") as unknown as string;
      const { message } = await thrownBy(getPublicSession, SessionSerializationError);
      expect(message).toContain("session.name is a function");
    });
  });

  it("can be one of several, each with keys of its own", async () => {
    const definition = define();
    const forAll = definition.expose("name");
    const forAdmins = forAll.expose("email");
    const visitor = await visitorWith(definition, { name: "Ada", email: "ada@example.com" });
    expect(await visitor.request(forAll.getPublicSession)).not.toHaveProperty("email");
    expect(await visitor.request(forAdmins.getPublicSession)).not.toHaveProperty("name");
  });

  it.each(["expiresAt", "readAt", "permanent", "save", "__proto__", 7, undefined])(
    "cannot hold %s",
    async (key) => {
      const { getPublicSession } = define().expose("name", key as "name");
      const error = await thrownBy(
        () => new Visitor().request(getPublicSession),
        SessionOptionError,
      );
      expect(error.code).toBe("ERR_SESSION_OPTION");
      expect(error.message).toContain(`expose() cannot name ${JSON.stringify(key)}`);
    },
  );
});

describe("the time at which the public session ends", () => {
  it.each([
    ["the same for a cookie that ends with the browser", {}, false, 31 * DAY],
    ["the cookie's Expires for a permanent one", {}, true, 31 * DAY],
    ["the absolute end if that is nearer", { absoluteTimeout: DAY }, true, DAY],
  ] as const)("is %s", async (_, options, permanent, seconds) => {
    const { getSession, getPublicSession } = define(options).expose("name");
    const visitor = await visitorWith({ getSession }, { name: "Ada" }, permanent);
    const [cookie] = visitor.sent;
    const { expiresAt } = await visitor.request(getPublicSession);
    expect(expiresAt).toEqual(at(NOW + seconds));
    expect(cookie?.expires).toEqual(permanent ? expiresAt : undefined);
  });

  it.each([undefined, new MemoryStore()])(
    "is moved by a refresh and by a change: %o",
    async (store) => {
      const clock = stoppedClock();
      const { getSession, getPublicSession } = define({ clock, store }).expose("name");
      const visitor = await visitorWith({ getSession }, { name: "Ada" }, true);
      const ends = () => visitor.request(async () => (await getPublicSession()).expiresAt);
      clock.pass(DAY - 1);
      expect(await ends()).toEqual(at(NOW + 31 * DAY));
      clock.pass(1);
      await visitor.request(async () => (await getSession()).save());
      expect(await ends()).toEqual(at(NOW + 32 * DAY));
      clock.pass(1);
      await visitor.request(async () => {
        const session = await getSession();
        session.name = "Grace";
        await session.save();
        expect((await getPublicSession()).expiresAt).toEqual(at(NOW + 32 * DAY + 1));
      });
    },
  );

  it("is the last second at which the session is read", async () => {
    const clock = stoppedClock();
    const { getSession, getPublicSession } = define({ clock }).expose("name");
    const visitor = await visitorWith({ getSession }, { name: "Ada" });
    const { expiresAt } = await visitor.request(getPublicSession);
    clock.to((expiresAt as Date).getTime() / 1000);
    expect((await visitor.request(getPublicSession)).name).toBe("Ada");
    clock.pass(1);
    expect((await visitor.request(getPublicSession)).name).toBeUndefined();
  });
});

describe("getPublicSession()", () => {
  it("in the browser is refused as getSession() is, with what to call there", async () => {
    vi.stubGlobal("document", {});
    const { getSession, getPublicSession } = define().expose("name");
    for (const ask of [getSession, getPublicSession]) {
      const { code, message } = await thrownBy(() => ask(), SessionContextError);
      expect(code).toBe("ERR_SESSION_IN_CLIENT_COMPONENT");
      expect(message).toContain("useSession()");
    }
  });

  it("needs a request, as getSession() does", async () => {
    const { getPublicSession } = define().expose("name");
    const { code } = await thrownBy(getPublicSession, SessionContextError);
    expect(code).toBe("ERR_SESSION_OUTSIDE_REQUEST");
  });
});
