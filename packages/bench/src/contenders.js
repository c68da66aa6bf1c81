import { webcrypto } from "node:crypto";
import * as authjs from "@auth/core/jwt";
import cookieSignature from "cookie-signature";
import { createSigner, createVerifier } from "fast-jwt";
import { sealSession, unsealSession } from "h3";
import { parseSigned, serializeSigned } from "hono/utils/cookie";
import { sealData, unsealData } from "iron-session";
import { jwtVerify, SignJWT } from "jose";
import Keygrip from "keygrip";
import { defineSession } from "next-signed-session";
import { createCookieSessionStorage } from "react-router";
import { floor } from "./floor.js";

export const secret = "a secret only for the benchmark, 64 characters of it, not random";

/**
 * Everything measured in this process. `write(data)` gives a cookie value, or a Set-Cookie header
 * where the package's own API does; `read(value)` gives the data back, or fails. Each package is
 * used as its documentation says, and its keys are imported once where its API allows that.
 */
export const contenders = {
  floor: { what: "JSON + one HMAC + base64url, by hand", ...floor(secret) },
  signed: { what: 'next-signed-session, format "signed"', ...ours() },
  "signed, compressed": {
    what: "next-signed-session, compress: true",
    ...ours({ compress: true }),
  },
  sealed: { what: 'next-signed-session, format "sealed"', ...ours({ format: "sealed" }) },
  flask: { what: 'next-signed-session, format "flask"', ...ours({ format: "flask" }) },
  "iron-session": {
    package: "iron-session",
    what: "sealData and unsealData",
    write: (data) => sealData(data, { password: secret }),
    read: (value) => unsealData(value, { password: secret }),
  },
  "jose JWS": {
    package: "jose",
    what: "SignJWT and jwtVerify, HS256, a CryptoKey",
    ...(await joseSigned()),
  },
  "fast-jwt": {
    package: "fast-jwt",
    what: "createSigner and createVerifier, HS256, without its cache",
    ...fastJwt(false),
  },
  "fast-jwt, cached": {
    package: "fast-jwt",
    what: "createVerifier with cache: true: a token that was seen is not verified again",
    ...fastJwt(true),
  },
  "Auth.js JWE": {
    package: "@auth/core",
    what: "@auth/core/jwt: jose, A256CBC-HS512",
    write: (token) => authjs.encode({ token, secret, salt: "session" }),
    async read(token) {
      const { iat, exp, jti, ...data } = await authjs.decode({ token, secret, salt: "session" });
      return data;
    },
  },
  "react-router": { package: "react-router", what: "createCookieSessionStorage", ...reactRouter() },
  hono: {
    package: "hono",
    what: "serializeSigned and parseSigned",
    write: (data) => serializeSigned("session", JSON.stringify(data), secret),
    read: async (value) => JSON.parse((await parseSigned(`session=${value}`, secret)).session),
  },
  h3: { package: "h3", what: "sealSession and unsealSession", ...h3() },
  "cookie-session": {
    package: "keygrip",
    what: "keygrip, around base64 of JSON",
    ...cookieSession(),
  },
  "cookie-signature": {
    package: "cookie-signature",
    what: "Express's signed JSON cookies",
    ...express(),
  },
};

function fastJwt(cache) {
  const sign = createSigner({ key: secret, algorithm: "HS256" });
  const verify = createVerifier({ key: secret, algorithms: ["HS256"], cache });
  return {
    write: (data) => sign(data),
    read(token) {
      const { iat, ...data } = verify(token);
      return data;
    },
  };
}

function ours(options) {
  const { encode, decode } = defineSession({ secret, ...options });
  return {
    write: encode,
    async read(value) {
      const session = await decode(value);
      if (!session.ok) throw new Error(session.reason);
      return session.data;
    },
  };
}

async function joseSigned() {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const usages = ["sign", "verify"];
  const key = await webcrypto.subtle.importKey(
    "raw",
    Buffer.from(secret),
    algorithm,
    false,
    usages,
  );
  return {
    write: (data) =>
      new SignJWT(data)
        .setProtectedHeader({ alg: "HS256" })
        .setIssuedAt()
        .setExpirationTime("31d")
        .sign(key),
    async read(token) {
      const { iat, exp, ...data } = (await jwtVerify(token, key, { algorithms: ["HS256"] }))
        .payload;
      return data;
    },
  };
}

function reactRouter() {
  const { getSession, commitSession } = createCookieSessionStorage({
    cookie: { name: "session", secrets: [secret] },
  });
  return {
    async write(data) {
      const session = await getSession();
      for (const key in data) session.set(key, data[key]);
      return commitSession(session);
    },
    read: async (value) => (await getSession(`session=${value}`)).data,
  };
}

function h3() {
  const config = { password: secret };
  return {
    write: (data) => sealSession({ context: { sessions: { h3: { id: "1", data } } } }, config),
    read: async (value) => (await unsealSession({}, config, value)).data,
  };
}

// What cookie-session does to a cookie's value, without its middleware. It sends two cookies,
// `session` and `session.sig`; they are joined here to count their bytes together.
function cookieSession() {
  const keys = new Keygrip([secret]);
  return {
    write(data) {
      const value = Buffer.from(JSON.stringify(data)).toString("base64");
      return `${value}; session.sig=${keys.sign(`session=${value}`)}`;
    },
    read(cookies) {
      const [value, signature] = cookies.split("; session.sig=");
      if (!keys.verify(`session=${value}`, signature)) throw new Error("bad signature");
      return JSON.parse(Buffer.from(value, "base64").toString());
    },
  };
}

// As `response.cookie(name, object, { signed: true })` writes it and cookie-parser reads it.
function express() {
  return {
    write: (data) =>
      encodeURIComponent(`s:${cookieSignature.sign(`j:${JSON.stringify(data)}`, secret)}`),
    read(value) {
      const signed = cookieSignature.unsign(decodeURIComponent(value).slice(2), secret);
      return JSON.parse(signed.slice(2));
    },
  };
}
