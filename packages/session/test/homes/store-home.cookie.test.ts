import { createHash, createHmac, hkdfSync } from "node:crypto";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { loadPayload } from "../../src/formats/payload.ts";
import { RecordStore } from "../../src/store/store.ts";
import { DAY, NOW, OLDER_SECRET, SECRET } from "../support/fixed.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { storeHomeWith } from "../support/store-home.ts";

const text = '{"visits":3}';

// Reckoned by Node's own functions, and by nothing of ours.
const idBytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const id = idBytes.toString("base64url");
const key = `session:${createHash("sha256").update(id).digest("base64url")}`;
const value = signedByHand(id);

function signedByHand(payload: string, secret = SECRET): string {
  const timestamp = Buffer.alloc(4);
  timestamp.writeUInt32BE(NOW);
  const message = `${payload}.${timestamp.toString("base64url")}`;
  const purpose = JSON.stringify(["stored", "session"]);
  const derived = hkdfSync("sha256", secret, "next-signed-session", purpose, 32);
  const hmac = createHmac("sha256", new Uint8Array(derived)).update(message).digest("base64url");
  return `${message}.${hmac}`;
}

let store: MemoryStore;
const homeWith = (secrets: string[], name = "session") =>
  storeHomeWith({ name, secrets, store: new RecordStore(store, 1000) });

beforeEach(() => {
  store = new MemoryStore();
});

describe("a stored session", () => {
  it("has these very bytes in its cookie, and these in its record", async () => {
    vi.spyOn(crypto, "getRandomValues").mockImplementation((array) => {
      (array as unknown as Uint8Array).set(idBytes);
      return array;
    });
    const written = await homeWith([SECRET]).encode(loadPayload(text), text, NOW);
    expect(written).toBe(value);
    expect(written).toBe(
      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8.ZVPxAA.Sya8xjTIkANode8ojpEEB-IBtqdZ454XkHi_lmUz0NE",
    );
    expect([...store.entries]).toEqual([
      [key, expect.objectContaining({ value: `[${NOW},${text}]`, ttl: DAY * 1000 })],
    ]);
    expect(key).toBe("session:6oZqdX5MOLq_qBJ8vppAnT4fk6AP8UiP9zX8-Rev_9A");
  });

  it("is read from them", async () => {
    await store.set(key, `[${NOW + 5},${text}]`, 60_000);
    expect(await homeWith([SECRET]).read(value)).toMatchObject({
      ok: true,
      payload: loadPayload(text),
      text,
      issuedAt: NOW,
      writtenAt: NOW + 5,
      sessionId: key,
    });
    expect(await homeWith([OLDER_SECRET, SECRET]).read(value)).toMatchObject({ sessionId: key });
  });

  it("has an id of 256 random bits, never the same", async () => {
    const home = homeWith([SECRET]);
    const ids = await Promise.all(
      Array.from(
        { length: 100 },
        async () => (await home.encode(loadPayload(text), text, NOW)).split(".")[0] ?? "",
      ),
    );
    expect(new Set(ids).size).toBe(100);
    expect(store.entries.size).toBe(100);
    for (const each of ids) expect(Buffer.from(each, "base64url")).toHaveLength(32);
  });

  it("is of one cookie's name and of no other format", async () => {
    await store.set(key, `[${NOW},${text}]`, 60_000);
    store.calls.length = 0;
    expect(await homeWith([SECRET], "other").read(value)).toEqual({
      ok: false,
      reason: "bad-signature",
    });
    expect(await homeWith([OLDER_SECRET]).read(value)).toEqual({
      ok: false,
      reason: "bad-signature",
    });
    expect(store.calls).toEqual([]);
  });

  it.each([
    ["nothing", undefined],
    ["the payload alone", text],
    ["a time alone", `[${NOW}]`],
    ["a negative time", `[-1,${text}]`],
    ["no object", `[${NOW},[]]`],
    ["broken JSON", `[${NOW},{"visits":}]`],
    ["a tag of a later release", `[${NOW},{"visits":{" z":1}}]`],
    ["more than a record", `[${NOW},${text}] `],
  ])("is unknown where the store holds %s", async (_what, content) => {
    if (content !== undefined) await store.set(key, content, 60_000);
    expect(await homeWith([SECRET]).read(value)).toEqual({
      ok: false,
      reason: "unknown-session",
    });
  });

  it("is refused, and the store is not asked, when any one character is another", async () => {
    const home = homeWith([SECRET]);
    await store.set(key, `[${NOW},${text}]`, 60_000);
    store.calls.length = 0;
    const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=%";
    for (let at = 0; at < value.length; at++) {
      for (const character of [characters[at % characters.length], "A", "-", ""]) {
        const other = value.slice(0, at) + character + value.slice(at + 1);
        if (other === value) continue;
        expect(await home.read(other)).toMatchObject({ ok: false });
      }
    }
    expect(store.calls).toEqual([]);
  });

  it("is refused, and the store is not asked, for whatever a visitor makes up", async () => {
    const home = homeWith([SECRET]);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.string().map((s) => `${id}.${s}`),
        ),
        async (junk) => {
          expect(await home.read(junk)).toMatchObject({ ok: false });
        },
      ),
    );
    expect(store.calls).toEqual([]);
  });

  it("whose time is over by now is stored for a second, since 0 is for ever to some stores", async () => {
    const home = storeHomeWith({
      lifetime: { absoluteTimeout: 100 },
      store: new RecordStore(store, 1000),
    });
    const old = `{" c":[${NOW - 100},${text}]}`;
    await home.encode(loadPayload(old), old, NOW);
    expect([...store.entries.values()][0]?.ttl).toBe(1000);
  });
});
