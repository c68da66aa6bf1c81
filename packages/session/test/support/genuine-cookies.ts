import type { Codec } from "../../src/formats/codec.ts";
import { flaskCodec } from "../../src/formats/flask/flask.ts";
import { ironSessionCodec } from "../../src/formats/iron-session.ts";
import { sealedCodec } from "../../src/formats/sealed.ts";
import { signedCodec } from "../../src/formats/signed.ts";
import { starletteCodec } from "../../src/formats/starlette.ts";
import type { StoreHome } from "../../src/homes/store-home.ts";
import type { Awaitable } from "../../src/runtime/awaitable.ts";
import { RecordStore } from "../../src/store/store.ts";
import ironSession from "../golden/iron-session/golden.json" with { type: "json" };
import { DAY, NOW, OLDER_SECRET, SECRET } from "./fixed.ts";
import { storeHomeWith } from "./store-home.ts";

export const NAME = "session";
const LIFETIME = { idleTimeout: 31 * DAY, refreshAfter: DAY, absoluteTimeout: undefined };
export const SECRETS = [SECRET, OLDER_SECRET];

const inMemory = new Map<string, string>();
const store = new RecordStore(inMemory, 10_000);

const codecsOf = (name: string, secrets: readonly string[]) => ({
  signed: signedCodec(name, secrets),
  sealed: sealedCodec(name, secrets),
  flask: flaskCodec(secrets),
  starlette: starletteCodec(secrets),
});

export type Format = keyof ReturnType<typeof codecsOf> | "stored" | "iron-session";
export type Decode = (value: string) => Awaitable<{ readonly ok: boolean }>;

export const FORMATS: readonly Format[] = [
  "signed",
  "sealed",
  "flask",
  "starlette",
  "stored",
  "iron-session",
];

export const codecs = codecsOf(NAME, SECRETS);
const storeHome = storeHomeWith({ secrets: SECRETS, store, lifetime: LIFETIME });
export const decoders: Readonly<Record<Format, Decode>> = {
  signed: codecs.signed.decode,
  sealed: codecs.sealed.decode,
  flask: codecs.flask.decode,
  starlette: codecs.starlette.decode,
  stored: (value) => storeHome.read(value),
  "iron-session": ironSessionCodec({
    secrets: [ironSession.password, ironSession["older password"]],
    idleTimeout: LIFETIME.idleTimeout,
    now: () => NOW,
  }).decode,
};

export const data = [
  { visits: 3, user: "ada" },
  { cart: { pineapples: "100", apples: "20" } },
  { text: "a text that repeats itself, ".repeat(30) },
];

/** The store keeps the sessions, as a codec would. */
const inStore = (home: StoreHome) => ({
  serialize: home.serialize,
  encode: (text: string, issuedAt: number) => home.encode(home.parse(text), text, issuedAt),
});

async function cookiesOf(codec: Pick<Codec, "serialize" | "encode">): Promise<string[]> {
  const values: string[] = [];
  for (const [index, content] of data.entries()) {
    const payload = { data: content, permanent: index === 1 };
    values.push(
      await codec.encode(codec.serialize(payload), NOW - index, { deflate: index === 2 }),
    );
  }
  return values;
}

export const genuine: Readonly<Record<Format, string[]>> = {
  signed: await cookiesOf(codecs.signed),
  sealed: await cookiesOf(codecs.sealed),
  flask: await cookiesOf(codecs.flask),
  starlette: await cookiesOf(codecs.starlette),
  stored: await cookiesOf(inStore(storeHome)),
  "iron-session": ironSession.cookies.slice(0, 3).map(({ value }) => value),
};

/** Sound cookies of another name, of another secret, and of every other format. */
export const strange = (
  await Promise.all(
    [codecsOf("other", SECRETS), codecsOf(NAME, ["another-secret-of-another-app-012345"])]
      .flatMap((others) => Object.values(others))
      .map(cookiesOf),
  )
).flat();

export function foreignTo(format: Format): string[] {
  const others = FORMATS.filter((other) => other !== format);
  return [...strange, ...others.flatMap((other) => genuine[other])];
}
