import type { SessionOptions } from "../../src/options/options.ts";
import { SECRET, stoppedClock } from "./fixed.ts";

/** The library. It is loaded again where a test breaks one layer of it. */
export async function loadLibrary() {
  return {
    ...(await import("../../src/core/define-session.ts")),
    ...(await import("../../src/crypto/key-derivation.ts")),
    ...(await import("../../src/formats/signed.ts")),
    ...(await import("../../src/formats/sealed.ts")),
    ...(await import("./visitor.ts")),
  };
}

export type Library = Awaited<ReturnType<typeof loadLibrary>>;
export type Data = Record<string, unknown>;

const quiet = { onReject: () => {} };

export function definition({ defineSession }: Library, options: SessionOptions = {}) {
  return defineSession<Data>({ secret: SECRET, clock: stoppedClock(), ...quiet, ...options });
}

/** One request to a server that does `act` with its session; its response's headers. */
export async function answer(
  { getSession }: ReturnType<typeof definition>,
  cookie: string,
  act: (session: Data) => unknown = () => {},
  headers = new Headers(),
): Promise<Headers> {
  const request = new Request("https://example.com/", { headers: { cookie } });
  await using session = await getSession(request, headers);
  await act(session);
  return headers;
}

/** What a request with this Cookie header finds in its session. */
export async function found(
  sessions: ReturnType<typeof definition>,
  cookie: string,
): Promise<Data> {
  let data: Data = {};
  await answer(sessions, cookie, (session) => {
    data = { ...session };
  });
  return data;
}

export const ada = { user: "ada" };
export const becomesAda = (session: Data) => Object.assign(session, ada);
