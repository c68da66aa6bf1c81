import assert from "node:assert/strict";

/**
 * The cookie of every payload, by size, as one contender writes it. Throws unless it reads back
 * exactly what was written and refuses a cookie with one character changed: a contender that does
 * not is not worth timing.
 */
export async function writeCookies(name, { write, read }, payloads) {
  const cookies = {};
  for (const [size, values] of Object.entries(payloads)) {
    cookies[size] = [];
    for (const data of values) {
      const cookie = cookieValue(await write(data));
      assert.deepEqual({ ...(await read(cookie)) }, data, `${name} does not read its own cookie`);
      assert(size === "empty" || (await refuses(read, changed(cookie))), `${name} is not signed`);
      cookies[size].push(cookie);
    }
  }
  return cookies;
}

/** hono and react-router write a whole Set-Cookie header. */
function cookieValue(written) {
  return /^session=([^;]+)/.exec(written)?.[1] ?? written;
}

function changed(cookie) {
  const middle = cookie.length >> 1;
  return cookie.slice(0, middle) + (cookie[middle] === "A" ? "B" : "A") + cookie.slice(middle + 1);
}

/** Most throw; iron-session and react-router answer with an empty session. */
async function refuses(read, cookie) {
  try {
    return Object.keys(await read(cookie)).length === 0;
  } catch {
    return true;
  }
}
