export type Data = Record<string, unknown>;

/** What one request of a visitor does to the session. Its number keeps the values of two requests apart. */
export interface ModelRequest {
  readonly name: string;
  readonly renewal?: "clear" | "regenerate";
  /** Calls `endSession()` and has no session of its own. */
  readonly isEnd?: boolean;
  /** Calls `endSessionsOf()` for this user and has no session of its own. */
  readonly endsAllOf?: number;
  /** What it does to `data`. `read` is the data as it read it, which it may compute from. */
  readonly act?: (data: Data, read: Data, number: number) => void;
  /**
   * `"value"`: the value that it sets is computed from what it read, and no save computes it again.
   * `"object"`: it assigns the object that it read with a key added to it.
   */
  readonly computes?: "value" | "object";
  /** Does it change or remove what is in the cart? Then added keys may be lost beside it. */
  readonly changesCart?: boolean;
}

export const BEFORE: Data = {
  visits: 1,
  cart: { figs: 1, plums: 1 },
  tenant: { id: "b", isOwner: false },
};

const objectIn = (data: Data, key: string) => (data[key] ?? {}) as Data;

const plain: readonly ModelRequest[] = [
  { name: "reads" },
  {
    name: "sets two keys",
    act: (data, _read, number) => Object.assign(data, { visits: 10 + number, role: number }),
  },
  {
    name: "counts",
    computes: "value",
    act: (data, read) => {
      data.visits = ((read.visits as number | undefined) ?? 0) + 1;
    },
  },
  {
    name: "sets a key of its own",
    act: (data, _read, number) => {
      data[`own ${number}`] = number;
    },
  },
  {
    name: "adds in place",
    act: (data, _read, number) => {
      objectIn(data, "cart")[`in place ${number}`] = number;
    },
  },
  {
    name: "changes in place",
    changesCart: true,
    act: (data, _read, number) => {
      if (data.cart) objectIn(data, "cart").figs = 10 + number;
    },
  },
  {
    name: "removes in place",
    changesCart: true,
    act: (data) => {
      delete objectIn(data, "cart").plums;
    },
  },
  {
    name: "adds by spread",
    computes: "object",
    act: (data, read, number) => {
      data.cart = { ...(read.cart as Data | undefined), [`by spread ${number}`]: number };
    },
  },
  {
    name: "changes by spread",
    computes: "value",
    changesCart: true,
    act: (data, read, number) => {
      data.cart = { ...(read.cart as Data | undefined), figs: 20 + number };
    },
  },
  {
    name: "assigns an object and a key",
    act: (data, _read, number) => {
      data.tenant = { id: `tenant ${number}`, isOwner: number % 2 === 0 };
      data.role = number;
    },
  },
  {
    name: "assigns an equal object and a key",
    act: (data, _read, number) => {
      data.tenant = { id: "b", isOwner: false };
      data.role = number;
    },
  },
  {
    name: "assigns an object where none was",
    act: (data, _read, number) => {
      data.user = number % 2 === 0 ? { id: number, isAdmin: true } : { id: number };
    },
  },
  {
    name: "changes the tenant in place",
    act: (data, _read, number) => {
      objectIn(data, "tenant")[`seen ${number}`] = number;
    },
  },
  {
    name: "deletes an object",
    changesCart: true,
    act: (data) => {
      delete data.cart;
    },
  },
  {
    name: "deletes an object and sets a key",
    act: (data, _read, number) => {
      delete data.tenant;
      data.visits = 30 + number;
    },
  },
  {
    name: "deletes all",
    changesCart: true,
    act: (data) => {
      for (const key of Object.keys(BEFORE)) delete data[key];
    },
  },
];

const logsIn = (data: Data, _read: Data, number: number) => {
  data.user = { id: `user ${number}` };
  data.userId = number;
};

const renewing: readonly ModelRequest[] = [
  { name: "clears", renewal: "clear" },
  { name: "clears and logs in", renewal: "clear", act: logsIn },
  { name: "regenerates", renewal: "regenerate" },
  { name: "regenerates and logs in", renewal: "regenerate", act: logsIn },
  { name: "ends", isEnd: true },
];

export const REQUESTS: readonly ModelRequest[] = [...plain, ...renewing];

/** The requests with these names. */
export function requestsNamed(...names: readonly string[]): ModelRequest[] {
  return names.map((name) => {
    const request = REQUESTS.find((each) => each.name === name);
    if (!request) throw new Error(`There is no request that ${name}`);
    return request;
  });
}

/** All sets of so many requests, in which one may occur several times. */
export function programsOf(requests: readonly ModelRequest[], size: number): ModelRequest[][] {
  if (size === 0) return [[]];
  return requests.flatMap((request, index) =>
    programsOf(requests.slice(index), size - 1).map((others) => [request, ...others]),
  );
}
