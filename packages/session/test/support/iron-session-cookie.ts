import { defaults, seal } from "iron-webcrypto";
import { ironSessionCodec } from "../../src/formats/iron-session.ts";
import golden from "../golden/iron-session/golden.json" with { type: "json" };
import { DAY, NOW } from "./fixed.ts";

export const PASSWORD = golden.password;
export const OLDER_PASSWORD = golden["older password"];
export const idleTimeout = 31 * DAY;

export const codecAt = (now: number, secrets = [PASSWORD, OLDER_PASSWORD]) =>
  ironSessionCodec({ secrets, idleTimeout, now: () => now });

export const codec = codecAt(NOW);

/** What iron-session sealed under the password. */
export const cookie = (
  golden.cookies.find(
    ({ major, name }) => major === 9 && name === "the defaults",
  ) as (typeof golden.cookies)[number]
).value;

/** A seal as only a holder of the password can make it, with anything at all inside. */
export const sealedByHand = (json: string, ttl = 14 * DAY) =>
  seal(json, { id: "1", secret: PASSWORD }, { ...defaults, ttl: ttl * 1000, encode: () => json });
