import { formatWithOptions, type InspectOptions } from "node:util";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import { deriveKey } from "../../src/crypto/key-derivation.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { OLDER_SECRET, SECRET, stoppedClock } from "./fixed.ts";

export const TOO_SHORT = "hunter2-is-short";
export const VALUE = "the-visitor's-own-affair";

/** For `util.inspect`: all that there is. */
export const ALL: InspectOptions = {
  depth: Number.POSITIVE_INFINITY,
  showHidden: true,
  maxStringLength: null,
};

/** The secrets, the keys that are derived from them, a value of the session, and what a test adds. */
export class Confidential {
  readonly #texts = [SECRET, OLDER_SECRET, TOO_SHORT, VALUE];

  static async load(): Promise<Confidential> {
    const confidential = new Confidential();
    for (const secret of [SECRET, OLDER_SECRET]) {
      for (const purpose of [
        ["signed", "session"],
        ["stored", "session"],
        ["sealed", "session", "encryption"],
        ["sealed", "session", "integrity"],
      ]) {
        const key = Buffer.from(await deriveKey(secret, purpose));
        confidential.add(
          ...(["hex", "base64url", "base64"] as const).map((as) => key.toString(as)),
        );
      }
    }
    return confidential;
  }

  add(...texts: string[]): void {
    this.#texts.push(...texts);
  }

  /** What of it all can be read in what was thrown or logged. */
  leakedIn(text: string): string[] {
    return this.#texts.filter((one) => text.includes(one));
  }
}

/** Records what each test of a file logs, and fails it where something confidential can be read there. */
export function guardedLog(confidential: Confidential): { lines: string[] } {
  const log = { lines: [] as string[] };
  beforeEach(() => {
    log.lines = [];
    for (const method of ["log", "info", "warn", "error", "debug"] as const) {
      vi.spyOn(console, method).mockImplementation((...given) => {
        log.lines.push(formatWithOptions(ALL, ...given));
      });
    }
  });
  afterEach(() => {
    const leaked = log.lines.flatMap((line) => confidential.leakedIn(line));
    expect(leaked, "in the log").toEqual([]);
  });
  return log;
}

/** Sessions under both secrets. */
export const definition = (options: unknown = {}) =>
  defineSession<Record<string, unknown>>({
    clock: stoppedClock(),
    secret: [SECRET, OLDER_SECRET],
    ...(options as SessionOptions),
  });
