import { describe, expect, it } from "vitest";
import { defineSession } from "../../src/index.ts";
import { Visitor } from "../../src/testing.ts";
import { SECRET } from "../support/fixed.ts";

const { getSession, encode } = defineSession<{ userId: string }>({ secret: SECRET });

const SAVED = { category: "notice", message: "Saved" };

/** One request through the proxy, and the page behind it. */
async function view(visitor: Visitor, headers: Record<string, string> = {}) {
  const cookie = [...visitor.cookies].map((pair) => pair.join("=")).join("; ");
  const request = new Request("http://localhost/", { headers: { cookie, ...headers } });
  const answer = new Headers();
  {
    await using session = await getSession(request, answer);
    session.ageFlashes();
  }
  // What the proxy writes, the page of the same request reads.
  const page = new Visitor(cookie);
  for (const header of answer.getSetCookie()) {
    const [name = "", value = ""] = (header.split(";", 1)[0] ?? "").split("=");
    if (value === "") page.cookies.delete(name);
    else page.cookies.set(name, value);
  }
  visitor.cookies.clear();
  for (const [name, value] of page.cookies) visitor.cookies.set(name, value);
  return (await page.request(() => getSession())).flashes;
}

async function save() {
  await using session = await getSession();
  session.flash("notice", "Saved");
}

describe("a flashed message", () => {
  it("is read by the next request, and stays until somebody takes it", async () => {
    const visitor = new Visitor();
    await visitor.request(save);
    expect((await visitor.request(() => getSession())).flashes).toEqual([SAVED]);
    expect((await visitor.request(() => getSession())).flashes).toEqual([SAVED]);
  });

  it("is gone when it was taken", async () => {
    const visitor = new Visitor();
    await visitor.request(save);
    await visitor.request(async () => {
      await using session = await getSession();
      expect(session.takeFlashes()).toEqual([SAVED]);
      expect(session.flashes).toEqual([]);
    });
    expect((await visitor.request(() => getSession())).flashes).toEqual([]);
    expect(visitor.cookies.size).toBe(0);
  });

  it("is shown by the first page behind a proxy that ages it, and by no other", async () => {
    const visitor = new Visitor();
    await visitor.request(save);
    expect(await view(visitor)).toEqual([SAVED]);
    expect(await view(visitor)).toEqual([]);
    expect(visitor.cookies.size).toBe(0);
  });

  it("does not disturb the data, nor show among it", async () => {
    const visitor = new Visitor(`session=${await encode({ userId: "ada" })}`);
    await visitor.request(save);
    const session = await visitor.request(() => getSession());
    expect({ ...session }).toEqual({ userId: "ada" });
    await view(visitor);
    await view(visitor);
    expect({ ...(await visitor.request(() => getSession())) }).toEqual({ userId: "ada" });
  });

  it("waits behind those before it, in their order", async () => {
    const visitor = new Visitor();
    await visitor.request(save);
    await visitor.request(async () => {
      await using session = await getSession();
      session.flash("error", "But not sent");
    });
    expect(await view(visitor)).toEqual([SAVED, { category: "error", message: "But not sent" }]);
  });

  it("is not aged where Next renders the target of an action's redirect within its answer", async () => {
    const visitor = new Visitor();
    await visitor.request(save);
    const before = new Map(visitor.cookies);
    expect(await view(visitor, { "x-action-redirect": "/;push" })).toEqual([SAVED]);
    expect(visitor.cookies).toEqual(before);
  });

  it("is kept apart from Flask's own once a page has shown it, which takes pairs alone", async () => {
    const flask = defineSession({ secret: SECRET, format: "flask" });
    const visitor = new Visitor();
    await visitor.request(async () => {
      await using session = await flask.getSession();
      session.flash("message", "Hello");
      session.ageFlashes();
      session.flash("message", "Goodbye");
    });
    expect(await flask.decode(visitor.cookies.get("session") ?? "")).toMatchObject({
      data: {
        _flashes: [["message", "Goodbye"]],
        _shown_flashes: [["message", "Hello"]],
      },
    });
  });

  it("is cleared with the session", async () => {
    const visitor = new Visitor();
    await visitor.request(save);
    await visitor.request(async () => {
      await using session = await getSession();
      session.clear();
    });
    expect(visitor.cookies.size).toBe(0);
  });

  it("alone is no reason to send the cookie again", async () => {
    const visitor = new Visitor();
    await visitor.request(save);
    await visitor.request(async () => {
      await using session = await getSession();
      expect(session.modified).toBe(false);
    });
    expect(visitor.sent).toEqual([]);
  });

  it("is kept as Flask keeps it, and Flask's are shown", async () => {
    const flask = defineSession({ secret: SECRET, format: "flask" });
    const visitor = new Visitor();
    await visitor.request(async () => {
      await using session = await flask.getSession();
      session.flash("message", "Hello");
    });
    const [payload = ""] = (visitor.cookies.get("session") ?? "").split(".");
    expect(Buffer.from(payload, "base64url").toString()).toBe(
      '{"_flashes":[{" t":["message","Hello"]}]}',
    );
    const { flashes } = await visitor.request(() => flask.getSession());
    expect(flashes).toEqual([{ category: "message", message: "Hello" }]);
  });

  it("passes Flask's own test_flashes", async () => {
    const flask = defineSession({ secret: SECRET, format: "flask" });
    const visitor = new Visitor();
    await visitor.request(async () => {
      const session = await flask.getSession();
      expect(session.modified).toBe(false);
      session.flash("message", "Zap");
      session.modified = false;
      session.flash("message", "Zip");
      expect(session.modified).toBe(true);
      expect(session.takeFlashes().map(({ message }) => message)).toEqual(["Zap", "Zip"]);
    });
  });

  it("is not taken for one where the data of that name is the user's own", async () => {
    const { getSession, encode } = defineSession<{ _flashes: unknown }>({ secret: SECRET });
    const visitor = new Visitor(`session=${await encode({ _flashes: { of: "lightning" } })}`);
    const session = await visitor.request(() => getSession());
    expect(session.flashes).toEqual([]);
    expect(session._flashes).toEqual({ of: "lightning" });
  });
});
