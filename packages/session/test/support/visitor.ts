import type { SetCookie } from "../../src/cookie/cookie.ts";
import { SessionManager } from "../../src/core/session-manager.ts";
import { SessionReadOnlyError } from "../../src/errors/errors.ts";
import type { CookieJar, Origin } from "../../src/jars/cookie-jar.ts";
import { checkOptions } from "../../src/options/check-options.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import type { SessionObject } from "../../src/session/session-object.ts";
import { SECRET, stoppedClock } from "./fixed.ts";

/** What each test says of its options goes over these. */
export function sessionsWith(options: SessionOptions = {}): Promise<SessionManager> {
  return SessionManager.load(
    checkOptions({ secret: SECRET, clock: stoppedClock(), onReject: () => {}, ...options }),
  );
}

export type LooseSession = SessionObject & Record<string, unknown>;

/** One request's jar, whose every write is noted. */
export interface NotedJar extends CookieJar {
  readonly sent: SetCookie[];
}

/** A browser, which keeps what it is sent and sends it back, for as long as it is open. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  origin: Origin | undefined;

  /** A new request. If it is `readOnly`, no cookie can be sent, as in a server component. */
  jar({ readOnly = false, dropsPrefetchedPages = false } = {}): NotedJar {
    const sent: SetCookie[] = [];
    const assertWritable = () => {
      if (readOnly) throw new SessionReadOnlyError("ERR_SESSION_READ_ONLY", "read only");
    };
    return {
      cookieHeader: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      origin: this.origin,
      dropsPrefetchedPages,
      sent,
      assertWritable,
      set: async (cookies) => {
        assertWritable();
        for (const cookie of cookies) {
          sent.push(cookie);
          if (cookie.maxAge === 0) this.cookies.delete(cookie.name);
          else this.cookies.set(cookie.name, cookie.value);
        }
      },
    };
  }

  /** A new request that does `act` and ends its session's scope; gives the cookies it was sent. */
  async visits(
    sessions: SessionManager,
    act: (session: LooseSession) => unknown = () => {},
    kind: { readOnly?: boolean; dropsPrefetchedPages?: boolean } = {},
  ): Promise<SetCookie[]> {
    const jar = this.jar(kind);
    const session = (await sessions.open(jar)) as LooseSession;
    await act(session);
    await session.save();
    return jar.sent;
  }

  /** The session of a new request, which has not saved it yet. */
  async opens(sessions: SessionManager): Promise<LooseSession> {
    const [session] = await this.underWay(sessions);
    return session;
  }

  /** The sessions of so many parallel requests: two or more. */
  async opensMany(
    sessions: SessionManager,
    count: number,
  ): Promise<[LooseSession, LooseSession, ...LooseSession[]]> {
    const opened = await Promise.all(Array.from({ length: count }, () => this.opens(sessions)));
    return opened as [LooseSession, LooseSession, ...LooseSession[]];
  }

  /** As `opens()`, with the request's jar. */
  async underWay(sessions: SessionManager): Promise<[LooseSession, NotedJar]> {
    const jar = this.jar();
    return [(await sessions.open(jar)) as LooseSession, jar];
  }

  /** A new request that puts these data into its session. */
  async puts(sessions: SessionManager, data: object): Promise<void> {
    await this.visits(sessions, (session) => Object.assign(session, data));
  }

  /** What a new request finds in its session. */
  async finds(sessions: SessionManager): Promise<Record<string, unknown>> {
    return { ...(await sessions.open(this.jar())) };
  }
}

/** Another browser with the same cookies. */
export function copyOf(visitor: Visitor): Visitor {
  const copy = new Visitor();
  for (const [name, value] of visitor.cookies) copy.cookies.set(name, value);
  return copy;
}
