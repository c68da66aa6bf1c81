import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SessionOptionError } from "../../src/errors/errors.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { DAY, NOW, OLDER_SECRET, SECRET, stoppedClock } from "../support/fixed.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { thrownBy } from "../support/thrown.ts";
import { anyData } from "../support/values.ts";
import type { Visitor } from "../support/visitor.ts";

/*
 * The holes that libraries of this kind have had, one test for each advisory, named by it. Those that
 * show only with Next itself are in apps/fixture/e2e/proxy.spec.ts and pages-router.spec.ts as well.
 */

/** Loaded again for the tests at the end, which break one layer of it. */
async function loadLibrary() {
  return {
    ...(await import("../../src/core/define-session.ts")),
    ...(await import("../../src/crypto/key-derivation.ts")),
    ...(await import("../../src/formats/signed.ts")),
    ...(await import("../../src/formats/sealed.ts")),
    ...(await import("../support/visitor.ts")),
  };
}

type Library = Awaited<ReturnType<typeof loadLibrary>>;
type Data = Record<string, unknown>;

const library = await loadLibrary();

const quiet = { onReject: () => {} };

function definition({ defineSession }: Library, options: SessionOptions = {}) {
  return defineSession<Data>({ secret: SECRET, clock: stoppedClock(), ...quiet, ...options });
}

/** One request to a server that does `act` with its session; its response's headers. */
async function answer(
  { getSession }: ReturnType<typeof definition>,
  cookie: string,
  act: (session: Data) => unknown = () => {},
  headers = new Headers(),
): Promise<Headers> {
  const request = new Request("https://example.com/", { headers: { cookie } });
  await using session = await getSession(request, headers);
  await act(session);
  return headers;
}

/** What a request with this Cookie header finds in its session. */
async function found(sessions: ReturnType<typeof definition>, cookie: string): Promise<Data> {
  let data: Data = {};
  await answer(sessions, cookie, (session) => {
    data = { ...session };
  });
  return data;
}

const ada = { user: "ada" };
const becomesAda = (session: Data) => Object.assign(session, ada);

function expectNoSharedCache(headers: Headers): void {
  expect(headers.get("cache-control")).toBe("private, no-store");
  expect(headers.get("vary")).toBe("Cookie");
}

async function cachesAreTold(library: Library): Promise<void> {
  const sessions = definition(library, { refreshAfter: 0 });
  const value = await sessions.encode(ada, { permanent: true });
  const headers = await answer(sessions, `session=${value}`);
  expect(headers.getSetCookie()).toHaveLength(1);
  expectNoSharedCache(headers);
}

describe("a shared cache gives nobody another's session", () => {
  it("CVE-2023-30861: Flask sent a refreshed permanent session's cookie without Vary: Cookie", async () => {
    const clock = stoppedClock();
    const sessions = definition(library, { clock });
    const cookie = `session=${await sessions.encode(ada, { permanent: true })}`;
    clock.pass(DAY);
    const headers = await answer(sessions, cookie);
    expect(headers.getSetCookie()).toHaveLength(1);
    expectNoSharedCache(headers);
  });

  it("CVE-2026-35192: Django, saving every session at every request, did not for an unchanged one", () =>
    cachesAreTold(library));

  it.each<[how: string, look: (session: Data) => unknown]>([
    ["by asking for a key with `in`", (session) => "user" in session],
    ["by counting its keys", (session) => Object.keys(session).length],
    ["by a value", (session) => session.user],
    ["by nothing but getSession()", () => {}],
  ])(
    "CVE-2026-27205: Flask overlooked some ways to look at a session; here, %s",
    async (_, look) => {
      const headers = await answer(definition(library), "", look);
      expect(headers.get("vary")).toBe("Cookie");
      expect(headers.getSetCookie()).toEqual([]);
    },
  );

  it.each([
    ["CVE-2025-48947", "nextjs-auth0"],
    ["CVE-2025-64762", "authkit-nextjs"],
  ])("%s: with %s a CDN could keep the Set-Cookie of a response that was public", async () => {
    const isPublic = new Headers({
      "cache-control": "public, s-maxage=3600",
      "cdn-cache-control": "max-age=3600",
    });
    const headers = await answer(definition(library), "", becomesAda, isPublic);
    expectNoSharedCache(headers);
    expect(headers.get("cdn-cache-control")).toBe("private, no-store");
  });
});

async function newestSecretSigns(library: Library): Promise<void> {
  const rotated = definition(library, { secret: [SECRET, OLDER_SECRET] });
  const value = await rotated.encode(ada);
  expect(await definition(library, { secret: SECRET }).decode(value)).toMatchObject({ ok: true });
  const older = definition(library, { secret: OLDER_SECRET });
  expect(await older.decode(value)).toEqual({ ok: false, reason: "bad-signature" });
  expect(await rotated.decode(await older.encode(ada))).toMatchObject({ ok: true });
}

async function purposesDoNotRunTogether({ deriveKey }: Library): Promise<void> {
  const pairs: [string[], string[]][] = [
    [
      ["signed", "session"],
      ["sign", "edsession"],
    ],
    [
      ["sealed", "a", "id"],
      ["sealed", "ai", "d"],
    ],
    [
      ["sealed", "a", "id"],
      ["sealed", 'a","id'],
    ],
    [
      ["signed", "", "a"],
      ["signed", "a", ""],
    ],
  ];
  for (const [one, other] of pairs) {
    expect(await deriveKey(SECRET, one), `${one} and ${other}`).not.toEqual(
      await deriveKey(SECRET, other),
    );
  }
}

describe("a cookie is believed for what it was made, and for nothing else", () => {
  it("CVE-2025-47278: Flask 3.1.0 signed with the oldest of the fallback keys, not with the newest", () =>
    newestSecretSigns(library));

  it("CVE-2026-6873: in Django a cookie's name and its salt ran together into one key", async () => {
    await purposesDoNotRunTogether(library);
    const value = await definition(library, { name: "cart" }).encode(ada);
    for (const name of ["car", "carts", "signedcart", "session"]) {
      const other = definition(library, { name });
      expect(await other.decode(value)).toEqual({ ok: false, reason: "bad-signature" });
    }
  });

  it("CVE-2023-48309: in NextAuth a signed token of another purpose passed for a session", async () => {
    const store = new MemoryStore();
    const kinds = {
      signed: definition(library),
      sealed: definition(library, { format: "sealed" }),
      flask: definition(library, { format: "flask" }),
      stored: definition(library, { store }),
      "of another name": definition(library, { name: "state" }),
    };
    for (const [kind, { encode }] of Object.entries(kinds)) {
      const value = await encode(ada);
      for (const [other, { decode }] of Object.entries(kinds)) {
        const { ok } = await decode(value);
        expect(ok, `${kind} read as ${other}`).toBe(kind === other);
      }
    }
  });

  it("CVE-2026-39324: Rack took a cookie it could not decrypt for one that needed no secret", async () => {
    const json = JSON.stringify(ada);
    const base64 = Buffer.from(json).toString("base64url");
    const unauthenticated = [
      json,
      base64,
      `.${base64}`,
      `${base64}.`,
      `${base64}..`,
      `${base64}.ZVPxAA.`,
      encodeURIComponent(json),
      `j:${json}`,
      `s:${base64}.`,
      `Fe26.2*1**${base64}*${base64}***`,
      `Fe26.2*1*${"0".repeat(64)}*${"A".repeat(22)}*${base64}**${"0".repeat(64)}*${"A".repeat(43)}~2`,
      `eyJhbGciOiJub25lIn0.${base64}.`,
    ];
    const all = ["signed", "sealed", "flask", "iron-session"] as const;
    for (const format of ["signed", "sealed", "flask"] as const) {
      const sessions = definition(library, { format, accept: all });
      for (const value of unauthenticated) {
        expect(await sessions.decode(value), `${format}: ${value}`).toMatchObject({ ok: false });
      }
    }
  });
});

/** A visitor whose cookie a thief has copied. */
async function robbed(
  { Visitor }: Library,
  sessions: Awaited<ReturnType<Library["sessionsWith"]>>,
) {
  const visitor = new Visitor();
  await visitor.visits(sessions, (session) => {
    becomesAda(session);
    session.permanent = true;
  });
  const thief = new Visitor();
  for (const [name, value] of visitor.cookies) thief.cookies.set(name, value);
  return { visitor, thief };
}

const logsOut: Parameters<Visitor["visits"]>[1] = (session) => session.clear();

async function oldCookiesAreRefused(library: Library): Promise<void> {
  for (const options of [{}, { format: "sealed" }, { format: "flask" }] as SessionOptions[]) {
    const clock = stoppedClock();
    const sessions = await library.sessionsWith({ clock, ...options });
    const { visitor, thief } = await robbed(library, sessions);
    await visitor.visits(sessions, logsOut);
    expect(visitor.cookies.size).toBe(0);
    // Cookies for Flask are signed five seconds early.
    const lifetime = options.format === "flask" ? 31 * DAY - 5 : 31 * DAY;
    clock.pass(lifetime);
    expect(await thief.finds(sessions), "what is signed is believed while it is young").toEqual(
      ada,
    );
    clock.pass(1);
    expect(await thief.finds(sessions), "and no longer").toEqual({});
  }
}

describe("a session ends", () => {
  it("CVE-2024-31999: a destroyed @fastify/secure-session could be used again, for ever", () =>
    oldCookiesAreRefused(library));

  it("CVE-2024-31999: and with a store, not once more", async () => {
    const sessions = await library.sessionsWith({ store: new MemoryStore() });
    const { visitor, thief } = await robbed(library, sessions);
    await visitor.visits(sessions, logsOut);
    expect(await thief.finds(sessions)).toEqual({});
  });

  it.each<[where: string, options: () => SessionOptions]>([
    ["a cookie", () => ({})],
    ["a sealed cookie", () => ({ format: "sealed" })],
    ["a store that forgets nothing", () => ({ store: immortal(new MemoryStore()) })],
  ])(
    "CVE-2024-35220: @fastify/session moved the expiry at each read; here, in %s, it stays",
    async (_, options) => {
      const clock = stoppedClock();
      const sessions = await library.sessionsWith({ clock, ...options() });
      const visitor = new library.Visitor();
      await visitor.visits(sessions, becomesAda);
      for (let day = 1; day <= 31; day++) {
        clock.pass(DAY);
        expect(await visitor.finds(sessions)).toEqual(ada);
      }
      clock.pass(1);
      expect(await visitor.finds(sessions)).toEqual({});
    },
  );

  it("CVE-2024-35220: and no change moves it past absoluteTimeout", async () => {
    const clock = stoppedClock();
    const sessions = await library.sessionsWith({ clock, absoluteTimeout: { days: 40 } });
    const visitor = new library.Visitor();
    await visitor.visits(sessions, becomesAda);
    for (let day = 1; day <= 40; day++) {
      clock.pass(DAY);
      await visitor.visits(sessions, (session) => {
        session.day = day;
      });
      expect(await visitor.finds(sessions)).toMatchObject(ada);
    }
    clock.pass(1);
    expect(await visitor.finds(sessions)).toEqual({});
  });
});

/** Keeps each record for ever, whatever `ttl` it gets. */
function immortal(store: MemoryStore): MemoryStore {
  const set = store.set.bind(store);
  store.set = (key, value) => set(key, value, Number.POSITIVE_INFINITY);
  return store;
}

async function namesAreNotConfused(library: Library): Promise<void> {
  const sessions = definition(library, { name: "__Host-session", cookie: { secure: true } });
  const value = await sessions.encode(ada);
  expect(await found(sessions, `__Host-session=${value}`)).toEqual(ada);
  for (const [advisory, header] of [
    ["CVE-2023-23934", `=__Host-session=${value}`],
    ["CVE-2023-23934", `==__Host-session=${value}`],
    ["CVE-2023-23934", value],
    ["CVE-2026-39410", `\u00a0__Host-session=${value}`],
    ["CVE-2026-39410", `__Host-session\u00a0=${value}`],
    ["CVE-2020-8184", `%5F%5FHost-session=${value}`],
    ["CVE-2020-8184", `__Host%2dsession=${value}`],
  ] as const) {
    expect(await found(sessions, header), `${advisory}: ${header}`).toEqual({});
  }
}

describe("a cookie's name and attributes are those that were set", () => {
  it("CVE-2023-23934, CVE-2026-39410, CVE-2020-8184: a sibling host's cookie posed as a __Host- one, nameless, behind a no-break space or percent-encoded", () =>
    namesAreNotConfused(library));

  const injections = [
    "x; Domain=evil.example",
    "x\r\nSet-Cookie: a=1",
    "x\nb",
    "x,y=1; Path=/",
    "/;",
  ];

  it.each(
    injections.flatMap((text) => [
      ["CVE-2024-47764: jshttp/cookie let a name", text, { name: text }],
      ["CVE-2024-47764: jshttp/cookie let a path", text, { cookie: { path: `/${text}` } }],
      ["CVE-2024-47764: jshttp/cookie let a domain", text, { cookie: { domain: text } }],
      ["CVE-2026-47675: Hono let SameSite", text, { cookie: { sameSite: text } }],
      ["CVE-2026-47675: Hono let Priority", text, { cookie: { priority: text } }],
    ]) as [string, string, SessionOptions][],
  )("%s bring further attributes: %j", async (_, __, options) => {
    await thrownBy(() => definition(library, options).encode(ada), SessionOptionError);
  });

  it("CVE-2024-47764: and no data does so either, in any format", async () => {
    for (const format of ["signed", "sealed", "flask"] as const) {
      const { serialize, encode } = await codecOf(format);
      const property = fc.asyncProperty(anyData, async (data) => {
        let text: string;
        try {
          text = serialize({ data, permanent: true });
        } catch {
          return; // what the format cannot keep is not written at all
        }
        expect(await encode(text, NOW)).toMatch(/^[\w.*-]+$/);
        expect(await encode(text, NOW, { deflate: true })).toMatch(/^[\w.*-]+$/);
      });
      await fc.assert(property, { numRuns: 200 });
    }
  });

  it("CVE-2026-54287: Hono joined several Set-Cookie headers by commas, which are in every Expires", async () => {
    const sessions = definition(library, { chunk: true });
    const text = Array.from({ length: 900 }, (_, n) => (n * 7919).toString(36)).join();
    const change = (session: Data) => Object.assign(session, { text, permanent: true });
    const ours = ["session.0", "session.1"];

    const headers = new Headers({
      "set-cookie": "theirs=1; Expires=Thu, 01 Jan 2030 00:00:00 GMT",
    });
    await answer(sessions, "", change, headers);
    expect(headers.getSetCookie().map((header) => header.split("=")[0])).toEqual([
      "theirs",
      ...ours,
    ]);

    const server = createServer(async (request, response) => {
      const session = await sessions.getSession(request, response);
      change(session);
      await session.save();
      response.end();
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const raw = await new Promise<string[]>((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      httpRequest({ host: "127.0.0.1", port }, (response) => resolve(response.rawHeaders))
        .on("error", reject)
        .end();
    });
    server.closeAllConnections();
    server.close();
    const values = raw.filter((_, index) => raw[index - 1]?.toLowerCase() === "set-cookie");
    expect(values.map((header) => header.split("=")[0])).toEqual(ours);
    for (const header of values) expect(header.match(/Expires=/g)).toHaveLength(1);
  });

  it("GHSA-q5pr-72pq-83v3: h3 believed a cookie that said it had 999,999 chunks, and deleted each", async () => {
    for (const count of [
      "999999~",
      "9999999999999999999~",
      "-1~",
      "1e9~",
      "4~",
      "__chunked__999999",
    ]) {
      const sessions = definition(library, { chunk: true });
      const started = performance.now();
      const headers = await answer(sessions, `session=${count}; session.0=${count}x`, becomesAda);
      expect(performance.now() - started).toBeLessThan(1000);
      expect(headers.getSetCookie().length, "one is written, one chunk is deleted").toBe(2);
    }
  });
});

async function codecOf(format: "signed" | "sealed" | "flask") {
  const { flaskCodec } = await import("../../src/formats/flask/flask.ts");
  return format === "flask"
    ? flaskCodec([SECRET])
    : library[format === "signed" ? "signedCodec" : "sealedCodec"]("session", [SECRET]);
}

async function strangersReachNoStore(library: Library): Promise<void> {
  const store = new MemoryStore();
  const sessions = definition(library, { store });
  const forged = ["x".repeat(32), "abc.ZVPxAA.x", `${"A".repeat(43)}.ZVPxAA.${"A".repeat(43)}`];
  for (const value of forged) {
    expect(await found(sessions, `session=${value}`)).toEqual({});
  }
  expect(store.calls).toEqual([]);
}

describe("a store gives away nothing, and fills with nothing", () => {
  it("CVE-2019-16782: Rack looked sessions up by the id itself, so that who read the store, or its timing, had it", async () => {
    const store = new MemoryStore();
    const sessions = definition(library, { store });
    const value = await sessions.encode(ada);
    const [id = ""] = value.split(".");
    const [key = ""] = store.entries.keys();
    expect(JSON.stringify([...store.entries])).not.toContain(id);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id));
    expect(key).toBe(`session:${Buffer.from(digest).toString("base64url")}`);
    for (const stolen of [key, key.split(":")[1], value.replace(id, key.split(":")[1] ?? "")]) {
      expect(await found(sessions, `session=${stolen}`)).toEqual({});
    }
  });

  it("CVE-2015-5143: Django made a record for each session id that a stranger invented; here the store is not even asked", () =>
    strangersReachNoStore(library));

  it("CVE-2015-5143: nor is one made for an id that was once ours", async () => {
    const store = new MemoryStore();
    const sessions = definition(library, { store });
    const value = await sessions.encode(ada);
    store.entries.clear();
    expect(await found(sessions, `session=${value}`)).toEqual({});
    const [cookie = ""] = (await answer(sessions, `session=${value}`, becomesAda)).getSetCookie();
    expect(cookie, "and a new session has a new id").not.toContain(value.split(".")[0]);
    expect(store.entries.size).toBe(1);
  });

  it("CVE-2015-5963: Django's logout() made an empty record for a stranger", async () => {
    const store = new MemoryStore();
    const sessions = await library.sessionsWith({ store });
    for (let stranger = 0; stranger < 10; stranger++) {
      expect(await new library.Visitor().visits(sessions, logsOut)).toEqual([]);
    }
    expect(store.entries.size).toBe(0);
    const { visitor } = await robbed(library, sessions);
    await visitor.visits(sessions, logsOut);
    expect(store.livingRecords).toEqual([]);
  });

  it("CVE-2025-61686: React Router took an unsigned id for a file's path", async () => {
    const store = new MemoryStore();
    const asked: string[] = [];
    const get = store.get.bind(store);
    store.get = (key) => {
      asked.push(key);
      return get(key);
    };
    const sessions = definition(library, { store });
    const paths = ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "C:\\windows"];
    for (const path of paths) await found(sessions, `session=${path}; session=${path}.ZVPxAA.x`);
    expect(asked).toEqual([]);
    await found(sessions, `session=${await sessions.encode(ada)}`);
    expect(asked).toEqual([expect.stringMatching(/^session:[\w-]{43}$/)]);
    for (const name of ["../session", "a/b", "a\\b"]) {
      await thrownBy(() => definition(library, { store, name }).encode(ada), SessionOptionError);
    }
  });
});

describe("these tests notice a library in which", () => {
  afterEach(() => {
    vi.doUnmock("../../src/session/lifetime.ts");
    vi.doUnmock("../../src/jars/caching-headers.ts");
    vi.doUnmock("../../src/cookie/cookie-header.ts");
    vi.doUnmock("../../src/crypto/key-derivation.ts");
    vi.doUnmock("../../src/formats/signed.ts");
    vi.resetModules();
  });

  /** The library with some of one layer's functions replaced. */
  async function brokenLibrary(layer: string, replace: (original: never) => object) {
    vi.resetModules();
    vi.doMock(layer, async (original) => {
      const module = (await original()) as object;
      return { ...module, ...replace(module as never) };
    });
    return loadLibrary();
  }

  it("the age check is removed", async () => {
    const broken = await brokenLibrary("../../src/session/lifetime.ts", () => ({
      judgeAge: () => undefined,
    }));
    await expect(oldCookiesAreRefused(broken)).rejects.toThrow("and no longer");
  });

  it("nobody tells the caches", async () => {
    const broken = await brokenLibrary("../../src/jars/caching-headers.ts", () => ({
      varyByCookie: () => {},
      forbidSharedCaching: () => {},
    }));
    await expect(cachesAreTold(broken)).rejects.toThrow("private, no-store");
  });

  it("the oldest secret signs", async () => {
    type Make = typeof library.signedCodec;
    const broken = await brokenLibrary(
      "../../src/formats/signed.ts",
      ({ signedCodec }: { signedCodec: Make }) => ({
        signedCodec: (name: string, secrets: string[]) => signedCodec(name, secrets.toReversed()),
      }),
    );
    await expect(newestSecretSigns(broken)).rejects.toThrow("bad-signature");
  });

  it("name and salt run together", async () => {
    const broken = await brokenLibrary(
      "../../src/crypto/key-derivation.ts",
      ({ deriveKey }: { deriveKey: Library["deriveKey"] }) => ({
        deriveKey: (secret: string, purpose: string[]) => deriveKey(secret, [purpose.join("")]),
      }),
    );
    await expect(purposesDoNotRunTogether(broken)).rejects.toThrow("sign,edsession");
  });

  it.each([
    ["trimmed of all white space", (name: string) => name.trim(), "CVE-2026-39410"],
    ["decoded", decodeURIComponent, "CVE-2020-8184"],
    [
      "taken from behind a nameless sign",
      (name: string) => name.replace(/^=+/, ""),
      "CVE-2023-23934",
    ],
  ])("cookie names are %s", async (_, normal, advisory) => {
    const broken = await brokenLibrary("../../src/cookie/cookie-header.ts", () => ({
      cookieValues: (header: string, name: string) =>
        header
          .split("; ")
          .map((pair) => [
            pair.slice(0, pair.lastIndexOf("=")),
            pair.slice(pair.lastIndexOf("=") + 1),
          ])
          .filter(([found = ""]) => normal(found) === name)
          .map(([, value]) => value),
    }));
    await expect(namesAreNotConfused(broken)).rejects.toThrow(advisory);
  });
});
