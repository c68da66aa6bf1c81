#!/usr/bin/env node
import { randomBytes } from "node:crypto";
import { inspect, parseArgs } from "node:util";
import { SessionError } from "./errors/errors.ts";
import { type Inspection, inspectCookie } from "./formats/inspect.ts";
import { toSeconds } from "./options/duration.ts";
import { checkedSecrets } from "./options/secrets.ts";
import { judgeAge } from "./session/lifetime.ts";

const USAGE = `Usage:
  next-signed-session secret
      Prints a new secret: 32 random bytes in base64url.

  next-signed-session inspect <cookie> [--name NAME] [--idle-timeout 31]
      Shows what a session cookie holds, signed, sealed or in the format of Flask, Starlette or
      iron-session.
      <cookie> is its value, or name=value as in a Cookie header.
      --name          the cookie's name, which its signature covers (default: session,
                      __Host-session or __Secure-session, whichever verifies)
      --idle-timeout  the option idleTimeout, in days (default: 31)
      With SESSION_SECRET (and SESSION_SECRET_FALLBACKS) in the environment, it also says which
      secret verifies the cookie. A sealed cookie can be read only with its secret.
      Exits with 0 if nothing is wrong with the cookie as far as it could be checked, with 1 if a
      server would refuse it (expired, for one), and with 2 if the command itself is wrong.
`;

class UsageError extends Error {}

async function run([command, ...rest]: string[]): Promise<number> {
  switch (command) {
    case "secret":
      console.log(randomBytes(32).toString("base64url"));
      return 0;
    case "inspect":
      return inspectCommand(rest);
    case "help":
    case "--help":
    case "-h":
      console.log(USAGE);
      return 0;
    default:
      throw new UsageError(command ? `There is no command ${command}.` : "A command is missing.");
  }
}

async function inspectCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { name: { type: "string" }, "idle-timeout": { type: "string", default: "31" } },
  });
  const [cookie, ...more] = positionals;
  if (!cookie || more.length > 0) throw new UsageError("inspect takes one cookie.");
  const [, prefix, value = cookie] = /^([^=;\s]+)=(.+)$/.exec(cookie) ?? [];
  const now = Math.floor(Date.now() / 1000);
  const days = Number(values["idle-timeout"]);
  const lifetime = toSeconds("--idle-timeout", { days }, { least: 1, now });
  const secrets = process.env.SESSION_SECRET ? checkedSecrets(undefined) : [];

  const known = values.name ?? prefix;
  const { name, ...inspection } = await inspected(value, known ? [known] : DEFAULT_NAMES, secrets);
  const rows = [
    ["format", inspection.format ?? "unknown: no session cookie has this layout"],
    ["name", name],
    ["signature", signatureOf(inspection, secrets)],
    ...ageOf(inspection, now, lifetime),
    ["size", `${name.length + 1 + value.length} bytes, of 4096 with the attributes`],
  ];
  for (const [label = "", text = ""] of rows) console.log(`${label.padEnd(10)} ${visible(text)}`);
  console.log(contentOf(inspection));
  return isAccepted(inspection, secrets, now, lifetime) ? 0 : 1;
}

const DEFAULT_NAMES = ["session", "__Host-session", "__Secure-session"] as const;

/** The signature covers the name: where that is not given, the one that verifies is it. */
async function inspected(
  value: string,
  names: readonly [string, ...string[]],
  secrets: readonly string[],
): Promise<Inspection & { name: string }> {
  const found = await Promise.all(
    names.map(async (name) => ({ name, ...(await inspectCookie(value, name, secrets)) })),
  );
  const verified = found.find(({ secretIndex }) => secretIndex !== undefined);
  return verified ?? (found[0] as Inspection & { name: string });
}

/** As far as the layout, the secrets at hand and the lifetime tell. */
function isAccepted(
  { format, secretIndex, payload, issuedAt = 0 }: Inspection,
  secrets: readonly string[],
  now: number,
  idleTimeout: number,
): boolean {
  if (secrets.length > 0 && secretIndex === undefined) return false;
  if (!payload) return format === "sealed" || format === "iron-session";
  if (format === "iron-session") return true;
  const age = { issuedAt, createdAt: payload.createdAt };
  const lifetime = { idleTimeout, absoluteTimeout: undefined };
  return judgeAge(age, now, lifetime) === undefined;
}

function signatureOf({ format, secretIndex }: Inspection, secrets: readonly string[]): string {
  if (secretIndex === 0) return "verified with SESSION_SECRET";
  if (secretIndex) return `verified with number ${secretIndex} of SESSION_SECRET_FALLBACKS`;
  if (!format) return "none";
  if (secrets.length === 0) return "not checked: SESSION_SECRET is not set";
  return "WRONG: the cookie was changed, or signed with another secret or for another name";
}

function ageOf({ issuedAt, payload }: Inspection, now: number, lifetime: number): string[][] {
  if (issuedAt === undefined) return [];
  const left = issuedAt + lifetime - now;
  const rows = [
    [
      "issued",
      `${date(issuedAt)}, ${span(now - issuedAt)} ${issuedAt > now ? "in the future" : "ago"}`,
    ],
    ["expires", `${date(issuedAt + lifetime)}, ${left < 0 ? "over" : `in ${span(left)}`}`],
  ];
  if (payload?.createdAt !== undefined) rows.push(["began", date(payload.createdAt)]);
  if (payload) {
    rows.push(["permanent", payload.permanent ? "yes" : "no: the cookie ends with the browser"]);
  }
  return rows;
}

function contentOf({ format, payload }: Inspection): string {
  if (payload) {
    // It escapes controls itself, and writes some for the colors.
    const text = inspect(payload.data, { depth: 20, colors: process.stdout.isTTY });
    return text.replaceAll(/[\p{Bidi_Control}\u2028\u2029]/gu, escaped);
  }
  return format === "sealed" || format === "iron-session"
    ? "The payload is encrypted: set SESSION_SECRET to the secret that sealed it."
    : "The payload cannot be read.";
}

/** What came in an argument must not move a terminal's cursor, or the text around it. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u{${character.charCodeAt(0).toString(16)}}`;
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

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError || error instanceof TypeError;
  if (!isUsage && !(error instanceof SessionError)) throw error;
  const message = visible(error.message);
  console.error(isUsage ? `${message}\n\n${USAGE}` : message);
  process.exitCode = 2;
}
