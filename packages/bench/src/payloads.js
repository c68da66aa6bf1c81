import { createHash } from "node:crypto";

/** Bytes of JSON in each payload. A signed cookie is base64url, a third longer than its JSON, so
 * 2,600 bytes make a cookie of about 3.5 KB: what a session can be that still fits in one cookie. */
const jsonBytes = { empty: 2, "200 bytes": 200, "1 KB": 1024, "3.5 KB": 2600 };

/** Different sessions of one shape and size, so that nobody's cache of the last value is measured. */
const variants = 64;

export const payloads = Object.fromEntries(
  Object.entries(jsonBytes).map(([size, bytes]) => [
    size,
    Array.from({ length: variants }, (_, seed) => session(seed, bytes)),
  ]),
);

function session(seed, bytes) {
  if (bytes === 2) return {};
  const data = {
    userId: `${token(seed, "user", 22)}`,
    csrfToken: token(seed, "csrf", 32),
    visits: 100 + seed,
    theme: "dark",
    cart: {},
    lastOrder: "",
  };
  const room = () => bytes - JSON.stringify(data).length;
  for (let line = 0; room() > 60; line++) {
    data.cart[`sku-${token(seed, `item ${line}`, 8)}`] = String(1 + (line % 9));
  }
  data.lastOrder = token(seed, "order", room());
  return data;
}

function token(seed, name, length) {
  let text = "";
  for (let part = 0; text.length < length; part++) {
    text += createHash("sha256").update(`${seed} ${name} ${part}`).digest("base64url");
  }
  return text.slice(0, length);
}
