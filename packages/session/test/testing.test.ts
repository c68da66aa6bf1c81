import { describe, expect, it, vi } from "vitest";
import { defineSession, SessionContextError } from "../src/index.ts";
import { fixedClock, mintCookies, readSession, Visitor } from "../src/testing.ts";
import { SECRET } from "./support/fixed.ts";
import { thrownBy } from "./support/thrown.ts";

const clock = fixedClock(new Date("2030-01-01T00:00:00Z"));
const { getSession, encode } = defineSession<{ userId: string; cart: Record<string, number> }>({
  secret: "a secret for the tests of the testing kit",
  clock,
});

async function addToCart(fruit: string) {
  await using session = await getSession();
  session.cart ??= {};
  session.cart[fruit] = (session.cart[fruit] ?? 0) + 1;
}

describe("a visitor", () => {
  it("keeps the session from one request to the next", async () => {
    const visitor = new Visitor();
    await visitor.request(() => addToCart("apples"));
    await visitor.request(() => addToCart("apples"));
    const session = await visitor.request(() => getSession());
    expect(session.cart).toEqual({ apples: 2 });
  });

  it("has a jar of its own, also while another's request is running", async () => {
    const [ada, grace] = [new Visitor(), new Visitor()];
    await Promise.all([
      ada.request(() => addToCart("apples")),
      grace.request(() => addToCart("mangoes")),
    ]);
    expect((await ada.request(() => getSession())).cart).toEqual({ apples: 1 });
    expect((await grace.request(() => getSession())).cart).toEqual({ mangoes: 1 });
  });

  it("gets one session object in one request, and another in the next", async () => {
    const visitor = new Visitor();
    const [first, second] = await visitor.request(() => Promise.all([getSession(), getSession()]));
    expect(second).toBe(first);
    expect(await visitor.request(() => getSession())).not.toBe(first);
  });

  it("is sent a cookie by the request that changes the session, and by no other", async () => {
    const visitor = new Visitor();
    await visitor.request(() => addToCart("apples"));
    expect(visitor.sent.map(({ name }) => name)).toEqual(["session"]);
    await visitor.request(async () => {
      await using session = await getSession();
      expect(session.cart).toEqual({ apples: 1 });
    });
    expect(visitor.sent).toEqual([]);
  });

  it("loses the cookie when the session is cleared", async () => {
    const visitor = new Visitor(`theme=dark; session=${await encode({ userId: "ada" })}`);
    await visitor.request(async () => {
      await using session = await getSession();
      expect(session.userId).toBe("ada");
      session.clear();
    });
    expect([...visitor.cookies]).toEqual([["theme", "dark"]]);
  });

  it("is logged out when the clock passes the lifetime", async () => {
    const [cookie] = await mintCookies(getSession, { userId: "ada" });
    const visitor = new Visitor(`session=${cookie?.value}`);
    const userId = async () => (await visitor.request(() => getSession())).userId;
    clock.advance({ days: 31 });
    expect(await userId()).toBe("ada");
    clock.advance(1);
    expect(await userId()).toBeUndefined();
  });
});

describe("a minted cookie", () => {
  it("is what Playwright's addCookies takes, with the definition's attributes", async () => {
    const cookies = await mintCookies(getSession, { userId: "ada" }, { url: "https://a.example" });
    expect(cookies).toEqual([
      {
        name: "session",
        value: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{43}$/),
        url: "https://a.example",
        httpOnly: true,
        secure: false,
        sameSite: "Lax",
      },
    ]);
  });

  it("has an https URL if it is Secure, from which Playwright takes that", async () => {
    const { getSession } = defineSession<{ userId: string }>({
      secret: "a secret for the tests of the testing kit",
      cookie: { secure: true },
    });
    const [cookie] = await mintCookies(getSession, { userId: "ada" });
    expect(cookie).toMatchObject({
      name: "__Host-session",
      url: "https://localhost:3000",
      secure: true,
    });
  });

  it("has an expiry in Unix seconds when it is permanent", async () => {
    const [cookie] = await mintCookies(getSession, { userId: "ada" }, { permanent: true });
    expect(cookie?.expires).toBe(clock() / 1000 + 31 * 86_400);
  });

  it("comes in chunks where the definition allows them", async () => {
    const { getSession } = defineSession<{ noise: string }>({
      secret: "a secret for the tests of the testing kit",
      chunk: true,
    });
    const noise = Array.from({ length: 4000 }, (_, i) => ((i * 7919) % 9973).toString(36)).join("");
    const cookies = await mintCookies(getSession, { noise: noise.slice(0, 9000) });
    expect(cookies.map(({ name }) => name)).toEqual(["session.0", "session.1"]);
    expect((await readSession(getSession, cookies)).noise).toBe(noise.slice(0, 9000));
  });
});

describe("reading a session", () => {
  it("takes a response with Set-Cookie, or its headers", async () => {
    const response = new Response("saved");
    {
      await using session = await getSession(new Request("http://localhost/"), response);
      session.userId = "ada";
    }
    expect((await readSession(getSession, response)).userId).toBe("ada");
    expect((await readSession(getSession, response.headers)).userId).toBe("ada");
  });

  it("finds an empty session where there is none", async () => {
    const session = await readSession(getSession, new Response("nothing"));
    expect({ ...session }).toEqual({});
    expect(session.isNew).toBe(true);
  });

  it("fails where the app gives the cookie another name than the test does", async () => {
    const onReject = vi.fn();
    const { getSession } = defineSession<{ userId: string }>({ secret: SECRET, onReject });
    vi.stubEnv("NODE_ENV", "production");
    const cookies = await mintCookies(getSession, { userId: "ada" });
    expect(cookies[0]?.name).toBe("__Host-session");
    vi.stubEnv("NODE_ENV", "test");
    // The options are checked once: this is the test's process, and the other one the app's.
    const inTest = defineSession<{ userId: string }>({ secret: SECRET }).getSession;
    const { code, message } = await thrownBy(
      () => readSession(inTest, cookies),
      SessionContextError,
    );
    expect(code).toBe("ERR_SESSION_ARGUMENTS");
    expect(message).toMatch(/`__Host-session`.*`session`.*NODE_ENV/);
    expect((await readSession(getSession, cookies)).userId).toBe("ada");
  });

  it("finds an empty session beside another definition's cookie", async () => {
    const cookies = await mintCookies(getSession, { userId: "ada" });
    for (const options of [
      { name: "shop" },
      { name: "__Host-session", cookie: { secure: true } },
    ]) {
      const { getSession } = defineSession({ secret: SECRET, ...options });
      expect((await readSession(getSession, [{ name: "shop", value: "refused" }])).isNew).toBe(
        true,
      );
      if (options.name === "shop")
        expect((await readSession(getSession, cookies)).isNew).toBe(true);
    }
  });
});
