import { BEFORE, type Data, type ModelRequest } from "./requests.ts";

/** What is stored in the end, and to which session the cookie leads that each request was sent. */
export interface Outcome {
  readonly stored: readonly Data[];
  readonly sent: readonly (Data | "deletion" | "nothing new")[];
}

interface Session {
  readonly data: Data;
  readonly isAlive: boolean;
  /** Does a logout with the old id end it? */
  readonly isSuccessor: boolean;
}

/** The session that all requests had a cookie of, and those that have begun since. */
interface State {
  readonly old: "alive" | "rotated" | "replaced" | "over";
  readonly data: Data;
  /** What the requests could have read so far. */
  readonly versions: readonly Data[];
  readonly begun: readonly Session[];
  readonly sent: ReadonlyMap<number, "deletion" | "nothing new" | { readonly session: number }>;
}

/**
 * Everything that these requests can give if they run one after the other, in any order. Each one was
 * sent with the old cookie. One that finds its session rotated or ended was sent before that, and keeps
 * nothing of it, or was sent after it, and begins with nothing.
 */
export function serialOutcomes(program: readonly ModelRequest[]): Set<string> {
  const outcomes = new Set<string>();
  const canLose = program.some(({ changesCart }) => changesCart);
  const visit = (state: State, left: readonly number[]) => {
    if (left.length === 0) outcomes.add(describe(outcomeOf(state, program)));
    for (const number of left) {
      const others = left.filter((other) => other !== number);
      const request = program[number] as ModelRequest;
      for (const next of after(state, request, number, canLose)) visit(next, others);
    }
  };
  const start: State = { old: "alive", data: BEFORE, versions: [], begun: [], sent: new Map() };
  visit(start, [...program.keys()]);
  return outcomes;
}

export function describe({ stored, sent }: Outcome): string {
  return JSON.stringify({ stored: stored.map(sorted).sort(), sent: sent.map(sorted) });
}

function after(state: State, request: ModelRequest, number: number, canLose: boolean): State[] {
  const isComputed = request.computes === "value" || (request.computes === "object" && canLose);
  const done = (data: Data): Data[] =>
    (isComputed ? [...state.versions, data] : [data]).map((read) => {
      const result = structuredClone(data);
      request.act?.(result, structuredClone(read), number);
      return result;
    });
  const empty = state.old === "alive" ? "deletion" : "nothing new";
  const begin = (data: Data, next: Partial<State>, isSuccessor: boolean): State => {
    const base = { ...state, ...next };
    if (isEmpty(data)) return { ...base, sent: new Map(base.sent).set(number, empty) };
    const begun = [...base.begun, { data, isAlive: true, isSuccessor }];
    const sent = new Map(base.sent).set(number, { session: begun.length - 1 });
    return { ...base, begun, sent };
  };
  const fresh = () => done({}).map((data) => begin(data, {}, false));

  if (request.isEnd) return [ended(state)];
  if (request.renewal === "clear") {
    if (!request.act) {
      return [{ ...ended(state), sent: new Map(state.sent).set(number, "deletion") }];
    }
    if (state.old === "over") return fresh();
    const all = done({}).map((data) => begin(data, { ...ended(state), old: "replaced" }, true));
    // Two logins that begin with nothing may both go on, if they were sent at once.
    const both = done({}).map((data) => begin(data, {}, true));
    return state.old === "replaced" ? [...all, ...both] : all;
  }
  if (request.renewal === "regenerate") {
    if (state.old === "alive") {
      return done(state.data).flatMap((data) => {
        if (!isEmpty(data)) return [begin(data, { old: "rotated" }, true)];
        // Its last key was deleted before or after it was sent its cookie.
        return [begin(data, {}, true), { ...state, old: "rotated" as const }];
      });
    }
    if (state.old === "rotated") {
      // A change beside two rotations at once may be taken along to one of the two sessions only.
      const copies = [...state.versions, state.data].flatMap(done);
      return [...copies.map((data) => begin(data, {}, true)), ...fresh()];
    }
    return [state, ...fresh()];
  }
  if (!request.act) return [state];
  if (state.old === "over") return [state, ...fresh()];
  if (state.old !== "alive") return [state];
  return done(state.data).map((data) => ({
    ...state,
    data,
    versions: [...state.versions, state.data],
  }));
}

function ended(state: State): State {
  const begun = state.begun.map((session) =>
    session.isSuccessor ? { ...session, isAlive: false } : session,
  );
  return { ...state, old: "over", begun };
}

function outcomeOf({ old, data, begun, sent }: State, program: readonly unknown[]): Outcome {
  const stored = begun.filter(({ isAlive }) => isAlive).map((session) => session.data);
  if (old === "alive" && !isEmpty(data)) stored.push(data);
  return {
    stored,
    sent: program.map((_request, number) => {
      const given = sent.get(number) ?? "nothing new";
      if (typeof given === "string") return given;
      const session = begun[given.session] as Session;
      return session.isAlive ? session.data : "nothing new";
    }),
  };
}

const isEmpty = (data: Data) => Object.keys(data).length === 0;

const sorted = (value: unknown) =>
  JSON.stringify(value, (_key, each) =>
    each && typeof each === "object" ? Object.fromEntries(Object.entries(each).sort()) : each,
  );
