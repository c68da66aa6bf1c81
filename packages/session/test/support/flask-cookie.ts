import { createHmac } from "node:crypto";
import type { Decoded } from "../../src/formats/codec.ts";
import { flaskCodec } from "../../src/formats/flask/flask.ts";
import golden from "../golden/flask/golden.json" with { type: "json" };

export const codec = flaskCodec([golden.secret]);

export async function decode(cookie: string): Promise<Decoded> {
  const decoded = await codec.decode(cookie);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded;
}

export const isCompressed = (cookie: string) => cookie.startsWith(".");

export function payloadOf(data: Record<string, unknown>) {
  return { data, permanent: false };
}

export function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}

/** What Flask's key would sign, whatever stands in it. */
export function signed(part: string, timestamp = "ZVPxAA"): string {
  const key = createHmac("sha1", golden.secret).update("cookie-session").digest();
  const message = `${part}.${timestamp}`;
  return `${message}.${createHmac("sha1", key).update(message).digest("base64url")}`;
}
