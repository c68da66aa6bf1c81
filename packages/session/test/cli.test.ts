import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { defineSession, type SessionOptions } from "../src/index.ts";
import { runBuilt, runHere } from "./support/command.ts";
import { OLDER_SECRET, SECRET } from "./support/fixed.ts";

const HOUR = 3600_000;

function cookieOf(options: SessionOptions) {
  const clock = () => Date.now() - 3 * HOUR;
  return defineSession({ secret: SECRET, clock, ...options }).encode(
    { visits: 3, seen: new Date(0) },
    { permanent: true },
  );
}

describe("the command secret", () => {
  it("prints another good secret each time", async () => {
    const [first, second] = await Promise.all([runBuilt(["secret"]), runBuilt(["secret"])]);
    expect(first.stdout).toMatch(/^[\w-]{43}\n$/);
    expect(second.stdout).not.toBe(first.stdout);
  });
});

describe("the command inspect", () => {
  it("reads a signed cookie without a secret, and says that it did not check it", async () => {
    const { stdout, code } = await runHere(["inspect", await cookieOf({})]);
    expect(stdout).toMatch(/^format +signed$/m);
    expect(stdout).toMatch(/^signature +not checked: SESSION_SECRET is not set$/m);
    expect(stdout).toMatch(/^issued .*, 3 hours ago$/m);
    expect(stdout).toMatch(/^expires .*, in 30 days$/m);
    expect(stdout).toMatch(/^permanent +yes$/m);
    expect(stdout).toContain("{ visits: 3, seen: 1970-01-01T00:00:00.000Z }");
    expect(code).toBe(0);
  });

  it("says under which secret a cookie verifies", async () => {
    const cookie = await cookieOf({});
    const current = await runHere(["inspect", cookie], { SESSION_SECRET: SECRET });
    expect(current.stdout).toMatch(/^signature +verified with SESSION_SECRET$/m);
    const fallback = await runHere(["inspect", cookie], {
      SESSION_SECRET: OLDER_SECRET,
      SESSION_SECRET_FALLBACKS: SECRET,
    });
    expect(fallback.stdout).toMatch(
      /^signature +verified with number 1 of SESSION_SECRET_FALLBACKS$/m,
    );
  });

  it("takes the name from name=value, and refuses a cookie under another one", async () => {
    const cookie = await cookieOf({ name: "shop" });
    const env = { SESSION_SECRET: SECRET };
    expect((await runHere(["inspect", `shop=${cookie}`], env)).stdout).toContain("verified");
    expect((await runHere(["inspect", cookie, "--name", "shop"], env)).stdout).toContain(
      "verified",
    );
    const misnamed = await runHere(["inspect", cookie], env);
    expect(misnamed.stdout).toMatch(/^signature +WRONG/m);
    expect(misnamed.code).toBe(1);
  });

  it("finds out which of the default names a bare value has", async () => {
    const env = { SESSION_SECRET: SECRET };
    for (const name of ["session", "__Host-session", "__Secure-session"]) {
      const cookie = { secure: true };
      const { stdout, code } = await runHere(["inspect", await cookieOf({ name, cookie })], env);
      expect(stdout).toMatch(new RegExp(`^name +${name}$`, "m"));
      expect(stdout).toMatch(/^signature +verified/m);
      expect(code).toBe(0);
    }
  });

  it("reads Flask's cookie, with the secret and without", async () => {
    const cookie = await cookieOf({ format: "flask" });
    expect((await runHere(["inspect", cookie])).stdout).toMatch(/^format +flask$/m);
    const { stdout } = await runHere(["inspect", cookie], { SESSION_SECRET: SECRET });
    expect(stdout).toMatch(/^format +flask$/m);
    expect(stdout).toContain("verified");
    expect(stdout).toContain("visits: 3");
  });

  it("shows a sealed cookie's content to a holder of the secret, and to no one else", async () => {
    const cookie = await cookieOf({ format: "sealed" });
    const without = await runHere(["inspect", cookie]);
    expect(without.stdout).toMatch(/^format +sealed$/m);
    expect(without.stdout).toContain("The payload is encrypted");
    expect(without.stdout).not.toContain("visits");
    const { stdout } = await runHere(["inspect", cookie], { SESSION_SECRET: SECRET });
    expect(stdout).toContain("visits: 3");
  });

  it("says of an expired cookie that it is over, and exits with 1", async () => {
    const cookie = await cookieOf({});
    for (const env of [{}, { SESSION_SECRET: SECRET }]) {
      const { stdout, code } = await runHere(["inspect", cookie, "--idle-timeout", "0.1"], env);
      expect(stdout).toMatch(/^expires .*, over$/m);
      expect(code).toBe(1);
    }
  });

  it("says of a cookie from the future that no server takes it yet, and exits with 1", async () => {
    const clock = () => Date.now() + HOUR;
    const cookie = await cookieOf({ clock });
    const { stdout, code } = await runHere(["inspect", cookie], { SESSION_SECRET: SECRET });
    expect(stdout).toMatch(/^issued .*, \d+ minutes in the future$/m);
    expect(code).toBe(1);
  });

  it("prints no control or bidirectional character, of the data, the name or the arguments", async () => {
    const hostile = "\u001b]0;owned\u0007\u009b2J\u202e\u2066\u200f\u061c\r\u2028";
    const cookie = await defineSession({ secret: SECRET }).encode({
      text: hostile,
      [hostile]: new Map([[hostile, 1]]),
    });
    for (const args of [
      ["inspect", cookie],
      ["inspect", cookie, "--name", `a${hostile}`],
      ["inspect", `a${hostile.replace("\r", "").replace("\u2028", "")}=${cookie}`],
      ["inspect", hostile],
      [hostile],
      ["inspect", cookie, `--${hostile}`],
    ]) {
      const { stdout, stderr } = await runHere(args, { SESSION_SECRET: SECRET });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
      const found = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
      expect(stdout + stderr).not.toMatch(found);
    }
  });

  it("says of anything else that it is no session cookie", async () => {
    const { stdout, code } = await runHere(["inspect", "hello"]);
    expect(stdout).toMatch(/^format +unknown/m);
    expect(code).toBe(1);
  });

  it("never prints a secret, whatever goes wrong", async () => {
    const cookie = await cookieOf({});
    const short = "short-secret";
    for (const args of [
      [],
      ["inspect"],
      ["inspect", cookie, "--bad"],
      ["inspect", cookie],
      ["x"],
    ]) {
      for (const SESSION_SECRET of [SECRET, short]) {
        const { stdout, stderr } = await runBuilt(args, { environment: { SESSION_SECRET } });
        expect(stdout + stderr).not.toContain(SESSION_SECRET);
      }
    }
  });

  it("explains its use with exit code 2 when it is called wrongly", async () => {
    for (const args of [
      [],
      ["inspect"],
      ["inspect", "a", "b"],
      ["inspect", "a", "--x"],
      ["open"],
    ]) {
      const { stderr, code } = await runBuilt(args);
      expect(stderr).toContain("Usage:");
      expect(code).toBe(2);
    }
  });

  it("says what is wrong with a secret or a lifetime that cannot be used", async () => {
    const short = await runHere(["inspect", "a"], { SESSION_SECRET: "short" });
    expect(short.stderr).toMatch(/has 5 characters/);
    const lifetime = await runHere(["inspect", "a", "--idle-timeout", "soon"]);
    expect(lifetime.stderr).toMatch(/`--idle-timeout` cannot be .* Allowed: a number of seconds/);
    expect([short.code, lifetime.code]).toEqual([2, 2]);
  });
});

describe("where the command inspect finds its cookie", () => {
  const environment = { SESSION_SECRET: SECRET };

  it.each<[string, (cookie: string) => string]>([
    ["a Cookie header", (cookie) => `theme=dark; shop=${cookie}; session=other`],
    ["a Cookie header with its name", (cookie) => `Cookie: theme=dark; shop=${cookie}`],
    ["a Set-Cookie header", (cookie) => `set-cookie: shop=${cookie}; Path=/; HttpOnly`],
    ["a line with a break at its end", (cookie) => `shop=${cookie}\n`],
  ])("in %s", async (_, textOf) => {
    const text = textOf(await cookieOf({ name: "shop" }));
    const found = await runHere(["inspect", text, "--name", "shop"], environment);
    expect(found.stdout).toMatch(/^signature +verified with SESSION_SECRET$/m);
    const piped = await runBuilt(["inspect", "--name", "shop"], { environment, input: text });
    expect(piped.stdout).toBe(found.stdout);
    const dashed = ["inspect", "-", "--name", "shop"];
    expect((await runBuilt(dashed, { environment, input: text })).code).toBe(0);
  });

  it("by one of the default names", async () => {
    const text = `theme=dark; __Host-session=${await cookieOf({ name: "__Host-session", cookie: { secure: true } })}`;
    const { stdout } = await runHere(["inspect", text], environment);
    expect(stdout).toMatch(/^name +__Host-session$/m);
    expect(stdout).toContain("verified");
  });
});

describe("what the command inspect prints", () => {
  it("is JSON for programs, with --json", async () => {
    const cookie = await cookieOf({});
    const { stdout, code } = await runHere(["inspect", cookie, "--json"], {
      SESSION_SECRET: SECRET,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      format: "signed",
      name: "session",
      accepted: true,
      verified: true,
      secretNumber: 0,
      permanent: true,
      data: { visits: 3, seen: "1970-01-01T00:00:00.000Z" },
    });
    expect(code).toBe(0);
    const unknown = await runHere(["inspect", "hello", "--json"]);
    expect(JSON.parse(unknown.stdout)).toMatchObject({ format: null, accepted: false, data: null });
    expect(unknown.code).toBe(1);
  });

  it("calls a JWT a JWT, and shows its claims", async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const jwt = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: "ada" })}.c2lnbmF0dXJl`;
    const { stdout, code } = await runHere(["inspect", jwt], { SESSION_SECRET: SECRET });
    expect(stdout).toMatch(/^format +a JWT, as Auth.js, jose and others make them/m);
    expect(stdout).toContain("{ sub: 'ada' }");
    expect(code).toBe(1);
  });

  it("has colors where FORCE_COLOR asks for them, and none where NO_COLOR forbids them", async () => {
    const cookie = await cookieOf({});
    const ESCAPE = "\u001b[";
    const shown = async (environment: Record<string, string>) =>
      (await runBuilt(["inspect", cookie], { environment })).stdout;
    expect(await shown({})).not.toContain(ESCAPE);
    expect(await shown({ FORCE_COLOR: "1" })).toContain(ESCAPE);
    expect(await shown({ NO_COLOR: "1" })).not.toContain(ESCAPE);
    expect(await shown({ FORCE_COLOR: "0" })).not.toContain(ESCAPE);
  });
});

describe("the secret of the command inspect", () => {
  const folder = mkdtempSync(join(tmpdir(), "next-signed-session-cli-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("comes from .env.local, then .env, unless the environment has one", async () => {
    const cookie = await cookieOf({});
    writeFileSync(join(folder, ".env"), `SESSION_SECRET=${OLDER_SECRET}\n`);
    const fromEnv = await runBuilt(["inspect", cookie], { folder });
    expect(fromEnv.stdout).toMatch(/^signature +WRONG/m);
    writeFileSync(join(folder, ".env.local"), `SESSION_SECRET="${SECRET}"\n`);
    const fromLocal = await runBuilt(["inspect", cookie], { folder });
    expect(fromLocal.stdout).toMatch(/^signature +verified/m);
    const environment = { SESSION_SECRET: OLDER_SECRET };
    const fromShell = await runBuilt(["inspect", cookie], { folder, environment });
    expect(fromShell.stdout).toMatch(/^signature +WRONG/m);
  });

  it("is read by Next's own loader in an app that has Next", async () => {
    const cookie = await cookieOf({});
    mkdirSync(join(folder, "node_modules/@next"), { recursive: true });
    const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));
    symlinkSync(join(modules, "@next", "env"), join(folder, "node_modules/@next/env"), "junction");
    // Only Next replaces variables inside of others.
    writeFileSync(join(folder, ".env.local"), `OURS="${SECRET}"\nSESSION_SECRET=$OURS\n`);
    const { stdout } = await runBuilt(["inspect", cookie], { folder });
    expect(stdout).toMatch(/^signature +verified/m);
  });
});

describe("the command itself", () => {
  it("explains its use wherever --help stands, and prints its version", async () => {
    for (const args of [["--help"], ["-h"], ["help"], ["secret", "--help"], ["inspect", "-h"]]) {
      const { stdout, code } = await runHere(args);
      expect(stdout).toContain("Usage:");
      expect(code).toBe(0);
    }
    const { version } = JSON.parse(
      readFileSync(new URL("../package.json", import.meta.url), "utf8"),
    );
    expect((await runBuilt(["--version"])).stdout).toBe(`${version}\n`);
  });
});
