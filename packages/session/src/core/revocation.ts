import { SessionOptionError, SessionStoreError } from "../errors/errors.ts";
import type { Payload } from "../formats/codec.ts";
import type { UserId } from "../homes/user-groups.ts";
import type { RevocationSettings } from "../options/revocation-settings.ts";
import type { Renewal } from "../session/binding.ts";

/** Users whose answers are kept. Each takes some 200 bytes. */
const MAX_ANSWERS = 10_000;

/** Whose a session is, and since when. */
interface Login {
  /** `undefined`: the session is nobody's. */
  readonly userId: UserId | undefined;
  /** Unix time in seconds. */
  readonly since: number;
}

interface Answer {
  /** Unix time in seconds. */
  readonly askedAt: number;
  readonly before: Promise<number>;
}

const NOBODY: Login = { userId: undefined, since: 0 };

/** Knows from when on the sessions of each user count. */
export class Revocation {
  readonly #settings: RevocationSettings;
  readonly #now: () => number;
  /** By user. The oldest answer is the first. */
  readonly #answers = new Map<string, Answer>();

  constructor(settings: RevocationSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  loginIn({ data, createdAt = 0 }: Payload): Login {
    const userId = this.#settings.userOf(data);
    return { userId: userId === null || userId === "" ? undefined : userId, since: createdAt };
  }

  /** @param found The session that a request brought. */
  open(found: Payload | undefined): RequestLogin {
    return new RequestLogin(this, found ? this.loginIn(found) : NOBODY, this.#now);
  }

  /** @throws SessionStoreError (`ERR_SESSION_REVOCATION`) if that cannot be known */
  async isRevoked(payload: Payload): Promise<boolean> {
    const login = await whatItReturns("userOf", () => this.loginIn(payload));
    return login.userId !== undefined && login.since < (await this.#before(login.userId));
  }

  /** Was it revoked before `time`, whatever was cached then? @throws as {@link isRevoked} */
  async wasRevokedBefore(time: number, { userId, since }: Login): Promise<boolean> {
    if (userId === undefined) return false;
    this.#answers.delete(String(userId));
    const before = await this.#before(userId);
    return since < before && before < time;
  }

  #before(userId: UserId): Promise<number> {
    const user = String(userId);
    const { cacheFor } = this.#settings;
    const now = this.#now();
    const known = this.#answers.get(user);
    if (known && now - known.askedAt < cacheFor) return known.before;
    const before = this.#ask(userId);
    this.#answers.delete(user);
    if (cacheFor > 0) this.#keep(user, { askedAt: now, before });
    return before;
  }

  #keep(user: string, answer: Answer): void {
    this.#answers.set(user, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MAX_ANSWERS) this.#answers.delete(oldest as string);
    answer.before.catch(() => this.#answers.delete(user));
  }

  /** Unix time in whole seconds, which is how sessions keep their beginning. */
  async #ask(userId: UserId): Promise<number> {
    const answer = await whatItReturns("revocation.before", () => this.#settings.before(userId));
    if (answer === undefined || answer === null) return 0;
    const isDate = answer instanceof Date;
    if (isDate && !Number.isNaN(answer.getTime())) return Math.floor(answer.getTime() / 1000);
    throw new SessionOptionError(
      "ERR_SESSION_OPTION",
      `The session option \`revocation.before\` returned ${isDate ? "an invalid Date" : `a ${typeof answer}`}. Allowed: a Date; undefined or null if no session of the user was revoked.`,
    );
  }
}

/** Whose session one request has, and when that changes. */
export class RequestLogin {
  readonly #revocation: Revocation;
  readonly #now: () => number;
  /** Unix time in seconds. */
  readonly #openedAt: number;
  #login: Login;

  constructor(revocation: Revocation, login: Login, now: () => number) {
    this.#revocation = revocation;
    this.#login = login;
    this.#now = now;
    this.#openedAt = now();
  }

  get isSomebodys(): boolean {
    return this.#login.userId !== undefined;
  }

  /** A login begins a session: it must outlive a revocation before it. */
  newBeginning(payload: Payload, renewal: Renewal | undefined): number | undefined {
    const { userId } = this.#revocation.loginIn(payload);
    const isLogin = renewal === "regenerate" || String(userId) !== String(this.#login.userId);
    return isLogin && userId !== undefined ? this.#now() : undefined;
  }

  /** A cached answer may have let in the session that this save would give a new beginning. */
  async mayNotRenew(renewal: Renewal | undefined): Promise<boolean> {
    if (renewal !== "regenerate") return false;
    return this.#revocation.wasRevokedBefore(this.#openedAt, this.#login);
  }

  saved(held: { readonly payload: Payload } | undefined): void {
    this.#login = held ? this.#revocation.loginIn(held.payload) : NOBODY;
  }
}

async function whatItReturns<Value>(
  option: string,
  call: () => Value | Promise<Value>,
): Promise<Value> {
  try {
    return await call();
  } catch (cause) {
    throw new SessionStoreError(
      "ERR_SESSION_REVOCATION",
      `The function in the session option \`${option}\` failed; the error that it threw is the cause of this one. So it is not known whether the session was revoked, and it was neither accepted nor ended.`,
      { cause },
    );
  }
}
