import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";

/** The least that any signed cookie has to do: one pass of JSON, one of base64url, one HMAC. */
export function floor(secret) {
  const key = createSecretKey(Buffer.from(secret));

  return {
    write(data) {
      const payload = Buffer.from(JSON.stringify(data)).toString("base64url");
      return `${payload}.${createHmac("sha256", key).update(payload).digest("base64url")}`;
    },

    read(cookie) {
      const end = cookie.lastIndexOf(".");
      const payload = cookie.slice(0, end);
      const expected = createHmac("sha256", key).update(payload).digest();
      const given = Buffer.from(cookie.slice(end + 1), "base64url");
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
        throw new Error("bad signature");
      }
      return JSON.parse(Buffer.from(payload, "base64url").toString());
    },
  };
}
