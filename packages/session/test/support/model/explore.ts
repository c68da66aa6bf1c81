import type { SessionManager } from "../../../src/core/session-manager.ts";
import { endSession, endSessionsOf } from "../../../src/core/stored-sessions.ts";
import type { SessionStore } from "../../../src/store/store.ts";
import { type LooseSession, type NotedJar, sessionsWith, Visitor } from "../visitor.ts";
import { BEFORE, type Data, type ModelRequest } from "./requests.ts";
import { describe, type Outcome } from "./serial.ts";

interface Turn {
  readonly number: number;
  go(): void;
}

interface Running {
  /** All that the store has answered: with the request, it decides what comes next. */
  readonly answers: unknown[];
  randomIds: number;
}

class Abandoned extends Error {}

interface ExplorerOptions {
  /** The session before the requests. */
  readonly before?: Data;
  readonly userOf?: (data: Data) => number | undefined;
  /** What counts as an outcome. `groups` has each member as `group member`. */
  readonly view?: (entries: ReadonlyMap<string, string>, groups: ReadonlySet<string>) => string;
}

/** Runs the requests of one program in every order of their store operations. */
export class Explorer {
  readonly #entries = new Map<string, string>();
  readonly #groups = new Set<string>();
  readonly #options: ExplorerOptions;
  readonly #isAtomic: boolean;
  #requests: Running[] = [];
  #waiting = new Map<number, { go(): void; abandon(): void }>();
  /** For each lock that is held, the requests that wait for it. */
  #locks = new Map<string, Turn[]>();
  /** Those that have got a lock since. */
  #turns: Turn[] = [];
  /** One at a time, so that it is known which one calls the store. */
  #running: number | undefined;
  #whenIdle: () => void = () => {};
  #sessions: Promise<SessionManager>;
  /** Runs from the first operation to the last or to a state that another run was in. */
  runs = 0;
  states = 0;

  /** @param isAtomic Does the store have `compareAndSet`, with a process for each request? */
  constructor(isAtomic: boolean, options: ExplorerOptions = {}) {
    this.#isAtomic = isAtomic;
    this.#options = options;
    this.#sessions = sessionsWith({ store: this.#store(), userOf: options.userOf });
  }

  /** Repeatable ids: the state of a run must not depend on chance. */
  fillRandom<Bytes extends ArrayBufferView | null>(bytes: Bytes): Bytes {
    const number = this.#running;
    const request = number === undefined ? undefined : this.#requests[number];
    const id = [number ?? 255, request ? request.randomIds++ : 0];
    (bytes as unknown as Uint8Array).fill(0);
    (bytes as unknown as Uint8Array).set(id);
    return bytes;
  }

  /** A lock of one process, whose waiting requests are known to be idle. */
  async oneAtATime<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const number = this.#running;
    if (this.#isAtomic || number === undefined) return task();
    const queue = this.#locks.get(key);
    if (queue) {
      await new Promise<void>((go) => {
        queue.push({ number, go });
        this.#pause();
      });
    } else this.#locks.set(key, []);
    try {
      return await task();
    } finally {
      const next = this.#locks.get(key)?.shift();
      if (next) this.#turns.push(next);
      else this.#locks.delete(key);
    }
  }

  /** Every outcome, each with one order of operations that gives it. */
  async outcomesOf(program: readonly ModelRequest[]): Promise<Map<string, readonly number[]>> {
    const outcomes = new Map<string, readonly number[]>();
    const seen = new Set<string>();
    const toTry: number[][] = [[]];
    for (let prefix = toTry.pop(); prefix; prefix = toTry.pop()) {
      const outcome = await this.#run(program, prefix, seen, toTry);
      if (outcome) outcomes.set(outcome.outcome, outcome.order);
    }
    this.states += seen.size;
    return outcomes;
  }

  async #run(
    program: readonly ModelRequest[],
    prefix: readonly number[],
    seen: Set<string>,
    toTry: number[][],
  ): Promise<{ outcome: string; order: number[] } | undefined> {
    this.runs++;
    const sessions = await this.#sessions;
    this.#entries.clear();
    this.#groups.clear();
    this.#locks = new Map();
    this.#turns = [];
    this.#waiting = new Map();
    const before = new Visitor();
    await before.visits(sessions, (session) =>
      Object.assign(session, structuredClone(this.#options.before ?? BEFORE)),
    );
    const sessionId = (await sessions.open(before.jar())).sessionId as string;

    this.#requests = program.map(() => ({ answers: [], randomIds: 0 }));
    const jars = program.map(() => {
      const browser = new Visitor();
      for (const [name, value] of before.cookies) browser.cookies.set(name, value);
      return browser.jar();
    });
    const finished: Promise<void>[] = [];
    for (const [number, request] of program.entries()) {
      this.#running = number;
      const performed = perform(sessions, request, number, jars[number] as NotedJar, sessionId);
      finished.push(
        performed.then(
          () => this.#pause(),
          (error) => {
            this.#pause();
            if (!(error.cause instanceof Abandoned)) throw error;
          },
        ),
      );
      await this.#idle();
    }

    const order: number[] = [];
    while (this.#waiting.size > 0) {
      const ready = [...this.#waiting.keys()].sort();
      if (order.length >= prefix.length) {
        const state = this.#state();
        if (seen.has(state)) {
          await this.#abandon(finished);
          return undefined;
        }
        seen.add(state);
        for (const other of ready.slice(1)) toTry.push([...order, other]);
      }
      const chosen = prefix[order.length] ?? (ready[0] as number);
      order.push(chosen);
      await this.#resume(chosen, "go");
    }
    await Promise.all(finished);
    const outcome =
      this.#options.view?.(this.#entries, this.#groups) ??
      describe(await this.#outcome(program, sessions, jars, sessionId));
    return { outcome, order };
  }

  async #outcome(
    program: readonly ModelRequest[],
    sessions: SessionManager,
    jars: readonly NotedJar[],
    oldId: string,
  ): Promise<Outcome> {
    const stored = [...this.#entries]
      .filter(([key]) => !key.endsWith(":ended"))
      .map(([, value]) => JSON.parse(value))
      .filter((content) => Array.isArray(content) && Object.keys(content[1]).length > 0)
      .map(([, data]) => data);
    const sent = await Promise.all(
      jars.map(async ({ sent }, number): Promise<Outcome["sent"][number]> => {
        const cookie = sent.at(-1);
        if (!cookie) return "nothing new";
        // Deleting the last key sends a deletion as well, if the request saw it as the last.
        if (cookie.maxAge === 0) return program[number]?.renewal ? "deletion" : "nothing new";
        const browser = new Visitor();
        browser.cookies.set(cookie.name, cookie.value);
        const session = await sessions.open(browser.jar());
        const isNew = session.sessionId !== oldId && Object.keys(session).length > 0;
        return isNew ? { ...session } : "nothing new";
      }),
    );
    return { stored, sent };
  }

  #store(): SessionStore {
    const [entries, groups] = [this.#entries, this.#groups];
    const step = async <Answer>(operation: () => Answer): Promise<Answer> => {
      const number = this.#running;
      if (number === undefined) return operation();
      await new Promise<void>((go, reject) => {
        this.#waiting.set(number, { go, abandon: () => reject(new Abandoned()) });
        this.#pause();
      });
      const answer = operation();
      this.#requests[number]?.answers.push(answer ?? null);
      return answer;
    };
    const store = {
      get: (key: string) => step(() => entries.get(key)),
      set: (key: string, value: string) => step(() => void entries.set(key, value)),
      delete: (key: string) => step(() => void entries.delete(key)),
      addMember: (group: string, member: string) =>
        step(() => void groups.add(`${group} ${member}`)),
      removeMember: (group: string, member: string) =>
        step(() => void groups.delete(`${group} ${member}`)),
      membersOf: (group: string) =>
        step(() =>
          [...groups]
            .filter((each) => each.startsWith(`${group} `))
            .map((each) => each.slice(group.length + 1)),
        ),
    };
    if (!this.#isAtomic) return store;
    return {
      ...store,
      compareAndSet: (key, expected, value) =>
        step(() => {
          if (entries.get(key) !== expected) return false;
          if (value === undefined) entries.delete(key);
          else entries.set(key, value);
          return true;
        }),
    };
  }

  #state(): string {
    return JSON.stringify([[...this.#entries].sort(), [...this.#groups].sort(), this.#requests]);
  }

  /** The running request has ended, or waits. */
  #pause(): void {
    const next = this.#turns.shift();
    this.#running = next?.number;
    if (next) next.go();
    else this.#whenIdle();
  }

  async #idle(): Promise<void> {
    if (this.#running === undefined) return;
    await new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  async #resume(number: number, how: "go" | "abandon"): Promise<void> {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    this.#running = number;
    waiting?.[how]();
    await this.#idle();
  }

  async #abandon(finished: readonly Promise<void>[]): Promise<void> {
    for (
      let [number] = this.#waiting.keys();
      number !== undefined;
      [number] = this.#waiting.keys()
    ) {
      await this.#resume(number, "abandon");
    }
    await Promise.all(finished);
  }
}

async function perform(
  sessions: SessionManager,
  { act, renewal, isEnd, endsAllOf }: ModelRequest,
  number: number,
  jar: NotedJar,
  sessionId: string,
): Promise<void> {
  if (isEnd) return endSession(sessions.home, sessionId);
  if (endsAllOf !== undefined) return endSessionsOf(sessions.home, endsAllOf, undefined);
  const session = (await sessions.open(jar)) as LooseSession;
  const read = structuredClone({ ...session });
  if (renewal) session[renewal]();
  act?.(session, read, number);
  await session.save();
}
