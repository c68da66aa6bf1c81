import { defaults, type SealOptions, unseal } from "iron-webcrypto";
import { isPlainObject } from "../runtime/plain-object.ts";
import type { Codec, Payload } from "./codec.ts";
import { dumpPayload } from "./payload.ts";

export interface IronSessionOptions {
  /** iron-session's `password`, or several of them in any order. */
  readonly secrets: readonly string[];
  /** Seconds. */
  readonly idleTimeout: number;
  /** Unix time in seconds. */
  now(): number;
}

/*
 * The layout of iron-session 8 and 9, with one password or with a map of several:
 *
 *   Fe26.2*password id*salt*initialization vector*encrypted*expiry in milliseconds*salt*mac~2
 *
 * The mac does not cover `~2`. iron-session 8 chooses by it between two shapes of the data, so the
 * sender of the cookie could choose. Here only `~2` is read. The mac's last character has two bits
 * that base64 decoders ignore, and only the spelling with both zero may pass.
 */
const SEAL =
  /^(Fe26\.2\*\w+\*[\da-f]{64}\*[\w-]{22}\*[\w-]+\*([1-9]\d*|)\*[\da-f]{64}\*[\w-]{42}[AEIMQUYcgkosw048])~2$/;

const asText: SealOptions = {
  ...defaults,
  decode: (json) => json,
  // Every cookie's age is checked in one place and by one clock, after its mac is verified.
  timestampSkewSec: Number.POSITIVE_INFINITY,
};

/** Reads the cookies of iron-session. It cannot write them. */
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
            // No expiry means that the cookie ends with the browser, or never. The shorter is safer.
            permanent: expiry !== "",
            // The seal does not say when the session began. `absoluteTimeout` counts from now on.
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
 * The seal has an expiry and no issue time. Until it expires, the cookie counts as issued one
 * `idleTimeout` ago. So our own cookie is always newer, and a permanent session is due for its
 * refresh.
 */
function issuedAt(expiry: string, { now, idleTimeout }: IronSessionOptions): number {
  const expiresAt = expiry === "" ? Number.POSITIVE_INFINITY : Math.floor(Number(expiry) / 1000);
  return Math.min(expiresAt, now()) - idleTimeout;
}

function parseData(json: string): Record<string, unknown> {
  const data: unknown = JSON.parse(json);
  if (!isPlainObject(data)) throw new SyntaxError("the session is not an object");
  return data;
}
