import { defaults, type SealOptions, unseal } from "iron-webcrypto";
import { isPlainObject } from "../runtime/plain-object.ts";
import type { Codec, Payload } from "./codec.ts";
import { dumpPayload } from "./payload.ts";

export interface IronSessionOptions {
  /** What iron-session knows as `password`, in any order: each is tried. */
  readonly secrets: readonly string[];
  /** Seconds. */
  readonly permanentLifetime: number;
  /** Unix time in seconds. */
  now(): number;
}

/*
 * What iron-session 8 and 9 write, alike with one password and with a map of several:
 *
 *   Fe26.2*password id*salt*initialization vector*encrypted*expiry in milliseconds*salt*mac~2
 *
 * The `~2` is outside the mac. iron-session 8 chose by it between two shapes of the data, and so did
 * whoever sent the cookie; here it is a part of the one layout that is read. The mac's last character
 * has two bits that base64 decoders ignore: only the spelling with both zero may pass.
 */
const SEAL =
  /^(Fe26\.2\*\w+\*[\da-f]{64}\*[\w-]{22}\*[\w-]+\*([1-9]\d*|)\*[\da-f]{64}\*[\w-]{42}[AEIMQUYcgkosw048])~2$/;

const asText: SealOptions = {
  ...defaults,
  decode: (json) => json,
  // The expiry is judged with every other cookie's age, by the same clock, once the mac is verified.
  timestampSkewSec: Number.POSITIVE_INFINITY,
};

/** Reads what iron-session wrote, and writes nothing. */
export function ironSessionCodec(options: IronSessionOptions): Pick<Codec, "decode"> {
  return {
    async decode(value) {
      if (!value.startsWith("Fe26.2*")) return { ok: false, reason: "unknown-format" };
      const [, seal, expiry] = SEAL.exec(value) ?? [];
      if (seal === undefined || expiry === undefined) return { ok: false, reason: "malformed" };

      for (const [secretIndex, secret] of options.secrets.entries()) {
        const json = await unseal(seal, secret, asText).catch(() => undefined);
        if (typeof json !== "string") continue;
        try {
          const payload: Payload = {
            data: parseData(json),
            // Without an expiry the cookie ended with the browser, or never: the shorter is the safer.
            permanent: expiry !== "",
            // When it began is not known either, and `absoluteLifetime` must begin somewhere.
            createdAt: options.now(),
          };
          const text = dumpPayload(payload);
          return { ok: true, payload, text, issuedAt: issuedAt(expiry, options), secretIndex };
        } catch {
          return { ok: false, reason: "malformed" };
        }
      }
      return { ok: false, reason: "bad-signature" };
    },
  };
}

/**
 * iron-session tells when a session ends and not when it was issued. Until then it counts as the
 * oldest cookie that is believed: one of ours is always newer, and a permanent one is due for refresh.
 */
function issuedAt(expiry: string, { now, permanentLifetime }: IronSessionOptions): number {
  const expiresAt = expiry === "" ? Number.POSITIVE_INFINITY : Math.floor(Number(expiry) / 1000);
  return Math.min(expiresAt, now()) - permanentLifetime;
}

function parseData(json: string): Record<string, unknown> {
  const data: unknown = JSON.parse(json);
  if (!isPlainObject(data)) throw new SyntaxError("the session is not an object");
  return data;
}
