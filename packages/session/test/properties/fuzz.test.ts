import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import { deriveKey } from "../../src/crypto/key-derivation.ts";
import { createSigner } from "../../src/crypto/signer.ts";
import ironSession from "../golden/iron-session/golden.json" with { type: "json" };
import {
  attack,
  count,
  fuzz,
  MOST_TIME,
  processorTime,
  reporter,
  tally,
  timed,
} from "../support/attack.ts";
import { stoppedClock } from "../support/fixed.ts";
import { bitFlips, forgedHeaders } from "../support/forgeries.ts";
import {
  codecs,
  type Decode,
  data,
  decoders,
  FORMATS,
  type Format,
  genuine,
  NAME,
  SECRETS,
  strange,
} from "../support/genuine-cookies.ts";

/*
 * Cookies that an attacker makes of genuine ones. None may be accepted, none may throw, none may take
 * long. `npm run fuzz` sets the number of tries, and another seed each time.
 */

const TRIES = Number(process.env.FUZZ_TRIES ?? 5_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_231_114);
const TIMEOUT = 60_000 + TRIES * 10;

/** Milliseconds of the processor for a request, whose header can hold many, each of which is tried in four formats. */
const MOST_TIME_OF_REQUEST = 50;

/** The share of the tries; what is slow by itself gets the fewest. */
const SHARE: Readonly<Record<Format | "request" | "http", number>> = {
  signed: 0.25,
  sealed: 0.2,
  flask: 0.15,
  starlette: 0.05,
  stored: 0.1,
  "iron-session": 0.05,
  request: 0.18,
  http: 0.02,
};

const runsOf = (target: keyof typeof SHARE) => Math.ceil(TRIES * SHARE[target]);

describe.each(FORMATS)("a %s cookie", (format) => {
  it("is accepted as it was issued", async () => {
    for (const value of genuine[format]) {
      expect(await decoders[format](value)).toMatchObject({ ok: true });
    }
  });

  it("is refused with any one bit of it flipped", { timeout: TIMEOUT }, async () => {
    const [token] = genuine[format] as [string];
    for (const forgery of bitFlips(token)) await attack(format, decoders[format], forgery);
  });

  it("is refused however it is changed", { timeout: TIMEOUT }, async () => {
    await fuzz(format, decoders[format], { numRuns: runsOf(format), seed: SEED });
  });
});

describe("a request", () => {
  const { getSession } = defineSession<Record<string, unknown>>({
    secret: SECRETS,
    name: NAME,
    accept: ["sealed", "flask", { format: "iron-session", secret: ironSession.password }],
    clock: stoppedClock(),
    onReject: () => {},
  });
  const believable = [...genuine.signed, ...genuine.sealed];
  // Flask's cookies are not bound to their name: ours of another name is a genuine one.
  const foreign = [...strange, ...genuine.stored].filter((value) => !genuine.flask.includes(value));
  const headers = forgedHeaders(NAME, believable, foreign);
  const expected = new Set(data.map((content) => JSON.stringify(content)));

  const judge = (session: string, holdsGenuine: boolean | "perhaps") => {
    const believed = expected.has(session);
    if (session !== "{}" && !(believed && holdsGenuine)) tally.accepted++;
    if (!believed) expect(session, "it is a genuine session, or an empty one").toBe("{}");
    if (holdsGenuine !== "perhaps") expect(believed).toBe(holdsGenuine);
  };

  it("has a genuine session or none, whatever its Cookie header", {
    timeout: TIMEOUT,
  }, async () => {
    const property = fc.asyncProperty(headers, async ({ header, holdsGenuine }) => {
      const [response, milliseconds] = await timed(MOST_TIME_OF_REQUEST, async () => {
        const answer = new Headers();
        const request = new Request("https://example.com/", { headers: { cookie: header } });
        const session = await getSession(request, answer);
        judge(JSON.stringify(session), holdsGenuine);
        await session.save();
        return answer;
      });
      count("request", milliseconds);
      expect(response.getSetCookie(), "nothing was written").toEqual([]);
      expect(milliseconds).toBeLessThan(MOST_TIME_OF_REQUEST);
    });
    await fc.assert(property, { reporter, numRuns: runsOf("request"), seed: SEED });
  });

  it("has so over a connection too", { timeout: TIMEOUT }, async () => {
    const server = createServer(async (request, response) => {
      const session = await getSession(request, response);
      response.end(JSON.stringify(session));
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const { port } = server.address() as AddressInfo;

    const ask = (cookie: string) =>
      new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
        httpRequest({ host: "127.0.0.1", port, headers: { cookie } }, (response) => {
          let body = "";
          response.on("data", (chunk) => {
            body += chunk;
          });
          response.on("end", () => resolve({ status: response.statusCode, body }));
        })
          .on("error", reject)
          .end();
      });

    // What Node's client refuses to send does not count; 16 KB of headers are what its server reads.
    const sendable = headers.filter(
      ({ header }) => header.length < 15_000 && /^[\t\x20-\x7e\x80-\xff]*$/.test(header),
    );
    const property = fc.asyncProperty(sendable, async ({ header, holdsGenuine }) => {
      const { status, body } = await ask(header);
      count("http", 0);
      expect(status).toBe(200);
      judge(body, holdsGenuine);
    });
    try {
      await fc.assert(property, { reporter, numRuns: runsOf("http"), seed: SEED });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe("this fuzzing notices a decoder that", () => {
  const { signed } = genuine;
  const decode = codecs.signed.decode;
  const signer = createSigner({
    secrets: SECRETS,
    digest: "SHA-256",
    deriveKey: (secret) => deriveKey(secret, ["signed", NAME]),
  });

  const broken: readonly [sin: string, decode: Decode, complaint: RegExp][] = [
    [
      "never compares the signature",
      async (value) => {
        const parts = /^(.+)\.([\w-]*)\.[^.]*$/s.exec(value);
        if (!parts) return decode(value);
        const [, payload = "", time = ""] = parts;
        const seconds = Buffer.from(time, "base64url").reduce((sum, byte) => sum * 256 + byte, 0);
        return decode(await signer.sign(payload, seconds % 2 ** 40));
      },
      /it accepted/,
    ],
    [
      "compares the signature's bytes, of which base64 has several spellings",
      (value) => {
        const at = value.lastIndexOf(".") + 1;
        const bytes = Buffer.from(value.slice(at), "base64url");
        return decode(value.slice(0, at) + bytes.toString("base64url"));
      },
      /it accepted (unused bits|base64 padded|plain base64|white space)/,
    ],
    [
      "does not mind upper and lower case",
      (value) => {
        const same = signed.find((token) => token.toLowerCase() === value.toLowerCase());
        return decode(same ?? value);
      },
      /it accepted .*case/,
    ],
    ["takes white space off", (value) => decode(value.trim()), /it accepted white space/],
    [
      "decodes percent signs, and throws at those it cannot",
      (value) => decode(decodeURIComponent(value)),
      /it (accepted|threw URIError)/,
    ],
    [
      "throws at what is not ASCII",
      (value) => decode(atob(btoa(value))),
      /it threw InvalidCharacterError/,
    ],
    [
      "takes long for long values",
      (value) => {
        const end = processorTime() + (value.length > 20_000 ? 3 * MOST_TIME : 0);
        while (processorTime() < end);
        return decode(value);
      },
      /it took \d+/,
    ],
  ];

  it.each(broken)("%s", { timeout: TIMEOUT }, async (_, brokenDecode, complaint) => {
    // These tries do not count: they test this file.
    const before = { ...tally, byTarget: new Map(tally.byTarget) };
    const settings = { numRuns: 5_000, seed: 1, endOnFailure: true };
    await expect(fuzz("signed", brokenDecode, settings)).rejects.toThrow(complaint);
    Object.assign(tally, before);
  });
});

describe("all in all", () => {
  it(`there were ${TRIES} tries`, () => {
    expect(tally.tries).toBeGreaterThanOrEqual(TRIES);
  });

  afterAll(() => {
    const targets = [...tally.byTarget].map(([target, tries]) => `${target} ${tries}`);
    console.log(
      `fuzz: ${tally.tries} forged cookies (${targets.join(", ")}), seed ${SEED}: ${tally.accepted} accepted, ${tally.threw} threw, slowest ${tally.slowest.toFixed(2)} ms`,
    );
  });
});
