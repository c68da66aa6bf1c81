import type { SetCookie } from "../../src/cookie/cookie.ts";

/** A cookie to be set, as the layers above a jar hand it down. */
export const sessionCookie: SetCookie = {
  name: "session",
  value: "abc",
  path: "/",
  httpOnly: true,
  secure: false,
  sameSite: "lax",
  partitioned: false,
};

export const sessionHeader = "session=abc; Path=/; HttpOnly; SameSite=Lax";

export const cookieOfEveryAttribute: SetCookie = {
  ...sessionCookie,
  path: "/app",
  domain: "example.com",
  secure: true,
  sameSite: "none",
  partitioned: true,
  priority: "high",
  maxAge: 60,
  expires: new Date(1_700_000_060_000),
};

export const headerOfEveryAttribute =
  "session=abc; Path=/app; Domain=example.com; Expires=Tue, 14 Nov 2023 22:14:20 GMT; Max-Age=60; Secure; HttpOnly; SameSite=None; Partitioned; Priority=High";

export const deletion: SetCookie = {
  ...sessionCookie,
  value: "",
  maxAge: 0,
  expires: new Date(0),
};

export const deletionHeader =
  "session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; SameSite=Lax";

/** The everyday cookie, with a value of this length in which no two neighbours are alike. */
export const cookieOf = (length: number): SetCookie => ({
  ...sessionCookie,
  value: Array.from({ length }, (_, at) => "abcdefghij".charAt(at % 10)).join(""),
});
