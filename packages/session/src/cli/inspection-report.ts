import { inspect } from "node:util";
import type { Inspection } from "../formats/inspect.ts";
import { judgeAge } from "../session/lifetime.ts";
import { hasColors, visible, withoutBidi } from "./terminal.ts";

/** What the command found, and what it compared it with. */
export interface InspectedCookie extends Inspection {
  readonly name: string;
  readonly value: string;
  readonly secrets: readonly string[];
  /** Unix time in seconds. */
  readonly now: number;
  /** Seconds. */
  readonly idleTimeout: number;
}

/** Would a server accept it, as far as the layout, the secrets at hand and the timeout show? */
export function isAccepted(cookie: InspectedCookie): boolean {
  const { format, secretIndex, payload, secrets, issuedAt = 0, now, idleTimeout } = cookie;
  if (format === "jwt") return false;
  if (secrets.length > 0 && secretIndex === undefined) return false;
  if (!payload) return format === "sealed" || format === "iron-session";
  if (format === "iron-session") return true;
  const age = { issuedAt, createdAt: payload.createdAt };
  return judgeAge(age, now, { idleTimeout, absoluteTimeout: undefined }) === undefined;
}

/** For people. */
export function textReport(cookie: InspectedCookie): string {
  const { name, value } = cookie;
  const rows = [
    ["format", formatOf(cookie)],
    ["name", name],
    ["signature", signatureOf(cookie)],
    ...ageOf(cookie),
    ["size", `${bytesOf(cookie)} bytes, of 4096 with the attributes`],
  ];
  const lines = rows.map(([label = "", text = ""]) => `${label.padEnd(10)} ${visible(text)}`);
  return [...lines, contentOf(cookie, value)].join("\n");
}

/** For programs. */
export function jsonReport(cookie: InspectedCookie): string {
  const { format, name, secretIndex, payload, issuedAt, secrets, idleTimeout } = cookie;
  const timeOf = (seconds: number | undefined) => (seconds === undefined ? null : date(seconds));
  const report = {
    format: format ?? null,
    name,
    accepted: isAccepted(cookie),
    verified: secrets.length === 0 ? null : secretIndex !== undefined,
    secretNumber: secretIndex ?? null,
    issued: timeOf(issuedAt),
    expires: timeOf(issuedAt === undefined ? undefined : issuedAt + idleTimeout),
    permanent: payload?.permanent ?? null,
    bytes: bytesOf(cookie),
    data: payload?.data ?? null,
  };
  return JSON.stringify(report, plainValue, 2);
}

/** JSON's nearest equivalent of what a session can hold and JSON cannot. */
function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Map || value instanceof Set) return [...value];
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64url");
  return value;
}

function formatOf({ format }: InspectedCookie): string {
  if (format === "jwt")
    return "a JWT, as Auth.js, jose and others make them, and no session of ours";
  return format ?? "unknown: no session cookie has this layout";
}

function signatureOf({ format, secretIndex, secrets }: InspectedCookie): string {
  if (secretIndex === 0) return "verified with SESSION_SECRET";
  if (secretIndex) return `verified with number ${secretIndex} of SESSION_SECRET_FALLBACKS`;
  if (!format) return "none";
  if (format === "jwt") return "not checked";
  if (secrets.length === 0) return "not checked: SESSION_SECRET is not set";
  return "WRONG: the cookie was changed, or signed with another secret or for another name";
}

function ageOf({ issuedAt, payload, now, idleTimeout }: InspectedCookie): string[][] {
  if (issuedAt === undefined) return [];
  const left = issuedAt + idleTimeout - now;
  const direction = issuedAt > now ? "in the future" : "ago";
  const rows = [
    ["issued", `${date(issuedAt)}, ${span(now - issuedAt)} ${direction}`],
    ["expires", `${date(issuedAt + idleTimeout)}, ${left < 0 ? "over" : `in ${span(left)}`}`],
  ];
  if (payload?.createdAt !== undefined) rows.push(["began", date(payload.createdAt)]);
  if (payload) {
    rows.push(["permanent", payload.permanent ? "yes" : "no: the cookie ends with the browser"]);
  }
  return rows;
}

function contentOf({ format, payload }: InspectedCookie, value: string): string {
  const print = (data: unknown) => withoutBidi(inspect(data, { depth: 20, colors: hasColors() }));
  if (payload) return print(payload.data);
  if (format === "jwt") return print(claimsOf(value));
  return format === "sealed" || format === "iron-session"
    ? "The payload is encrypted: set SESSION_SECRET to the secret that sealed it."
    : "The payload cannot be read.";
}

function claimsOf(jwt: string): unknown {
  try {
    return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString());
  } catch {
    return "The claims are encrypted, or cannot be read.";
  }
}

function bytesOf({ name, value }: InspectedCookie): number {
  return name.length + 1 + value.length;
}

function date(unixSeconds: number): string {
  const time = new Date(unixSeconds * 1000);
  return Number.isNaN(time.getTime()) ? `${unixSeconds} s after 1970` : time.toISOString();
}

function span(seconds: number): string {
  const units = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
    ["second", 1],
  ] as const;
  const length = Math.abs(seconds);
  const [unit, size] = units.find(([, size]) => length >= 2 * size) ?? ["second", 1];
  const count = Math.floor(length / size);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
