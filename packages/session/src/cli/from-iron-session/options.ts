import type ts from "typescript-5";
import { SessionError } from "../../errors/errors.ts";
import { checkedSecrets } from "../../options/secret-checks.ts";
import type { App } from "./app.ts";
import type { Names } from "./names.ts";

/** iron-session's options as this package's, in source text. */
export interface MovedOptions {
  readonly name: string;
  readonly idleTimeout: string;
  /** The attributes, each a line. */
  readonly cookie: readonly string[];
  readonly chunk: string | undefined;
  /** Undefined: no cookie of iron-session can be accepted. */
  readonly accept: string | undefined;
  /** Does a cookie of iron-session end with the browser? */
  readonly endsWithBrowser: boolean;
  /** What these texts are made of. */
  readonly expressions: readonly ts.Expression[];
  /** Literal passwords. */
  readonly secrets: readonly string[];
  readonly notes: readonly Note[];
}

export interface Note {
  readonly node: ts.Node;
  readonly advice: string;
}

/** These options have no certain equivalent. */
export class Unclear extends Error {
  readonly node: ts.Node;

  constructor(node: ts.Node, advice: string) {
    super(advice);
    this.node = node;
  }
}

const FOURTEEN_DAYS = 14 * 86_400;

/** What browsers keep a cookie for at most (RFC 6265bis, 5.5). */
const LONGEST = 400 * 86_400;

const ATTRIBUTES = ["httpOnly", "secure", "sameSite", "path", "domain", "priority", "partitioned"];

type Properties = Map<string, ts.Expression>;

/** Translates an object of iron-session's options. Throws {@link Unclear}. */
export class OptionsReader {
  readonly #app: App;
  readonly #names: Names;
  readonly #notes: Note[] = [];
  readonly #expressions: ts.Expression[] = [];
  readonly #secrets: string[] = [];

  constructor(app: App, names: Names) {
    this.#app = app;
    this.#names = names;
  }

  read(object: ts.ObjectLiteralExpression): MovedOptions {
    const options = this.#properties(object);
    const known = ["cookieName", "password", "ttl", "cookieOptions", "chunk"];
    this.#refuseUnknown(options, known, {
      onUnsealError: "`onReject` is called with other reasons, and for every refused cookie.",
    });
    const [name, password] = ["cookieName", "password"].map((key) => {
      const value = options.get(key);
      if (!value) throw new Unclear(object, `\`${key}\` is not in sight here.`);
      return value;
    }) as [ts.Expression, ts.Expression];
    const cookie = this.#cookieOptions(options.get("cookieOptions"));
    const maxAge = cookie.get("maxAge");
    const endsWithBrowser = maxAge !== undefined && this.#isUndefined(maxAge);
    const chunk = options.get("chunk");
    if (chunk)
      this.#note(
        chunk,
        "Cookies that iron-session split are not read: their users log in once more.",
      );
    return {
      name: this.#text(name),
      idleTimeout: this.#idleTimeout(options.get("ttl"), endsWithBrowser ? undefined : maxAge),
      cookie: [...cookie]
        .filter(([key]) => key !== "maxAge")
        .map(([key, value]) => this.#attribute(key, value)),
      chunk: chunk && this.#text(chunk),
      accept: this.#accepted(password),
      endsWithBrowser,
      expressions: this.#expressions,
      secrets: this.#secrets,
      notes: this.#notes,
    };
  }

  #properties(object: ts.ObjectLiteralExpression): Properties {
    const { ts } = this.#app;
    const properties: Properties = new Map();
    for (const property of object.properties) {
      if (ts.isShorthandPropertyAssignment(property)) {
        properties.set(property.name.text, property.name);
      } else if (ts.isPropertyAssignment(property) && !ts.isComputedPropertyName(property.name)) {
        properties.set(property.name.text, property.initializer);
      } else {
        throw new Unclear(property, "What this adds is not in sight here.");
      }
    }
    return properties;
  }

  #refuseUnknown(found: Properties, known: string[], advice: Record<string, string> = {}): void {
    for (const [key, value] of found) {
      if (known.includes(key)) continue;
      const why = advice[key] ?? "There is no equivalent.";
      throw new Unclear(value, `\`${key}\`: ${why}`);
    }
  }

  #cookieOptions(given: ts.Expression | undefined): Properties {
    const { ts } = this.#app;
    if (!given) return new Map();
    const object = this.#constantValue(given);
    if (!ts.isObjectLiteralExpression(object)) {
      throw new Unclear(given, "What `cookieOptions` holds is not in sight here.");
    }
    const cookie = this.#properties(object);
    this.#refuseUnknown(cookie, [...ATTRIBUTES, "maxAge"], {
      expires: "`idleTimeout` says how long a session lives.",
    });
    return cookie;
  }

  #attribute(key: string, value: ts.Expression): string {
    const { ts } = this.#app;
    if (key === "sameSite" && value.kind === ts.SyntaxKind.TrueKeyword) return `${key}: "strict"`;
    if (key === "sameSite" && value.kind === ts.SyntaxKind.FalseKeyword) {
      throw new Unclear(
        value,
        '`sameSite: false` leaves it to the browser: choose "lax" or "none".',
      );
    }
    return `${key}: ${this.#text(value)}`;
  }

  #idleTimeout(ttl: ts.Expression | undefined, maxAge: ts.Expression | undefined): string {
    const [seconds, browserSeconds] = [ttl, maxAge].map((given) => given && this.#number(given));
    if (ttl && seconds === undefined && !maxAge) return this.#text(ttl);
    const unknown = [ttl, maxAge].find((given) => given && this.#number(given) === undefined);
    if (unknown)
      throw new Unclear(unknown, "`idleTimeout` is the shorter one of `ttl` and `maxAge`.");
    if (ttl && seconds === 0) {
      this.#note(ttl, "`ttl: 0` never ended, but browsers keep a cookie for 400 days at most.");
    }
    return duration(
      Math.min(seconds === 0 ? LONGEST : (seconds ?? FOURTEEN_DAYS), browserSeconds ?? LONGEST),
    );
  }

  #accepted(password: ts.Expression): string | undefined {
    const { ts } = this.#app;
    const value = this.#constantValue(password);
    if (ts.isObjectLiteralExpression(value)) {
      const passwords = [...this.#properties(value)].sort(([a], [b]) => Number(b) - Number(a));
      const usable = passwords.filter(([, each]) => this.#isUsable(each));
      const texts = usable.map(([, each]) => this.#text(each));
      return texts.length > 0 ? `[${texts.join(", ")}]` : undefined;
    }
    const usable = this.#isUsable(value) ? password : undefined;
    return usable && this.#text(usable);
  }

  /** May it be copied? It is not if it is a literal that anyone can know, which would be refused. */
  #isUsable(password: ts.Expression): boolean {
    const { ts } = this.#app;
    if (!ts.isStringLiteralLike(password)) return true;
    this.#secrets.push(password.text);
    try {
      checkedSecrets(password.text);
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      this.#note(
        password,
        `The old cookies are not accepted (${error.code}): with a password that anyone can know, anyone can make such a cookie. Users log in once more.`,
      );
      return false;
    }
    this.#note(
      password,
      "Anyone who sees this file can make cookies of iron-session: move the password to the environment.",
    );
    return true;
  }

  #constantValue(given: ts.Expression): ts.Expression {
    const value = this.#names.constant(given)?.initializer;
    return unwrapped(this.#app.ts, value ?? given);
  }

  #isUndefined(value: ts.Expression): boolean {
    return this.#app.ts.isIdentifier(value) && value.text === "undefined";
  }

  /** The value of a calculation with literals. */
  #number(given: ts.Expression): number | undefined {
    const { ts } = this.#app;
    const value = this.#constantValue(given);
    if (ts.isNumericLiteral(value)) return Number(value.text);
    if (!ts.isBinaryExpression(value)) return undefined;
    const [left, right] = [this.#number(value.left), this.#number(value.right)];
    if (left === undefined || right === undefined) return undefined;
    const results: Partial<Record<ts.SyntaxKind, number>> = {
      [ts.SyntaxKind.AsteriskToken]: left * right,
      [ts.SyntaxKind.SlashToken]: left / right,
      [ts.SyntaxKind.PlusToken]: left + right,
      [ts.SyntaxKind.MinusToken]: left - right,
    };
    return results[value.operatorToken.kind];
  }

  #text(expression: ts.Expression): string {
    this.#expressions.push(expression);
    return expression.getText();
  }

  #note(node: ts.Node, advice: string): void {
    this.#notes.push({ node, advice });
  }
}

/** Without parentheses, `as`, `satisfies` and `!`. */
export function unwrapped(ts: App["ts"], expression: ts.Expression): ts.Expression {
  const isWrapper =
    ts.isParenthesizedExpression(expression) ||
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isNonNullExpression(expression);
  return isWrapper ? unwrapped(ts, expression.expression) : expression;
}

function duration(seconds: number): string {
  const units = [
    ["days", 86_400],
    ["hours", 3_600],
    ["minutes", 60],
    ["seconds", 1],
  ] as const;
  const [unit, size] = units.find(([, size]) => seconds % size === 0) ?? ["seconds", 1];
  return `{ ${unit}: ${seconds / size} }`;
}
