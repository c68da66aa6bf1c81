import { AsyncLocalStorage } from "node:async_hooks";
import type { SessionManager } from "../../../src/core/session-manager.ts";
import { endSession, endSessionsOf } from "../../../src/core/stored-sessions.ts";
import type { SessionStore } from "../../../src/store/store.ts";
import { type LooseSession, type NotedJar, sessionsWith, Visitor } from "../visitor.ts";
import { BEFORE, type Data, type ModelRequest } from "./requests.ts";
import { describe, type Outcome } from "./serial.ts";

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
  readonly #current = new AsyncLocalStorage<number>();
  readonly #isAtomic: boolean;
  #requests: Running[] = [];
  #waiting = new Map<number, { go(): void; abandon(): void }>();
  #locks = new Map<string, (() => void)[]>();
  #active = 0;
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
    const number = this.#current.getStore();
    const request = number === undefined ? undefined : this.#requests[number];
    const id = [number ?? 255, request ? request.randomIds++ : 0];
    (bytes as unknown as Uint8Array).fill(0);
    (bytes as unknown as Uint8Array).set(id);
    return bytes;
  }

  /** A lock of one process, whose waiting requests are known to be idle. */
  async oneAtATime<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    if (this.#isAtomic || this.#current.getStore() === undefined) return task();
    const queue = this.#locks.get(key);
    if (queue) {
      const turn = new Promise<void>((resolve) => queue.push(resolve));
      this.#pause();
      await turn;
    } else this.#locks.set(key, []);
    try {
      return await task();
    } finally {
      const next = this.#locks.get(key)?.shift();
      if (next) {
        this.#active++;
        next();
      } else this.#locks.delete(key);
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
    this.#waiting = new Map();
    const before = new Visitor();
    await before.visits(sessions, (session) =>
      Object.assign(session, structuredClone(this.#options.before ?? BEFORE)),
    );
    const sessionId = (await sessions.open(before.jar())).sessionId as string;

    this.#requests = program.map(() => ({ answers: [], randomIds: 0 }));
    this.#active = program.length;
    const jars = program.map(() => {
      const browser = new Visitor();
      for (const [name, value] of before.cookies) browser.cookies.set(name, value);
      return browser.jar();
    });
    const finished = program.map((request, number) =>
      this.#current
        .run(number, () => perform(sessions, request, number, jars[number] as NotedJar, sessionId))
        .then(
          () => this.#pause(),
          (error) => {
            this.#pause();
            if (!(error.cause instanceof Abandoned)) throw error;
          },
        ),
    );

    const order: number[] = [];
    while (await this.#isWaiting()) {
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
      this.#resume(chosen);
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
      const number = this.#current.getStore();
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

  #pause(): void {
    this.#active--;
    if (this.#active === 0) this.#whenIdle();
  }

  #resume(number: number): void {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    this.#active++;
    waiting?.go();
  }

  async #isWaiting(): Promise<boolean> {
    if (this.#active > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    return this.#waiting.size > 0;
  }

  async #abandon(finished: readonly Promise<void>[]): Promise<void> {
    while (this.#waiting.size > 0) {
      for (const [number, { abandon }] of [...this.#waiting]) {
        this.#waiting.delete(number);
        this.#active++;
        abandon();
      }
      await this.#isWaiting();
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
