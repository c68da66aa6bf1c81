import type { IncomingMessage, ServerResponse } from "node:http";
import type { NextRequest, NextResponse } from "next/server.js";
import { z } from "zod";
import {
  defineSession,
  type RejectReason,
  getSession as readyMade,
  type Session,
  type SessionOptions,
  type UserSession,
} from "../../src/index.ts";
import { type Data, same } from "../support/same-type.ts";

const { getSession, encode, decode } = defineSession<Data>();
declare const request: NextRequest;
declare const response: NextResponse;
declare const webRequest: Request;
declare const incoming: IncomingMessage;
declare const outgoing: ServerResponse;

export async function getSessionTakesARequestWithItsResponse() {
  await getSession(request, response);
  await getSession(request, new Response());
  await getSession(webRequest, new Response());
  await getSession(webRequest, new Headers());
  await getSession(incoming, outgoing);

  // @ts-expect-error: the response is missing
  await getSession(request);
  // @ts-expect-error: Node's response to a web request
  await getSession(webRequest, outgoing);
  // @ts-expect-error: a web response to Node's request
  await getSession(incoming, new Response());
  // @ts-expect-error: the wrong way round
  await getSession(response, request);
  // @ts-expect-error: no response
  await getSession(request, undefined);
}

export async function theReadyMadeOneHasItsTypeAtTheCall() {
  same<Awaited<ReturnType<typeof readyMade<{ visits: number }>>>, Session<{ visits: number }>>();
  const session = await readyMade<{ visits: number }>();
  same<typeof session.visits, number | undefined>();
  const loose = await readyMade();
  same<typeof loose.anything, unknown>();

  // @ts-expect-error: a function cannot be kept
  await readyMade<{ onClick: () => void }>();
}

export async function encodeAndDecodeHaveTheData() {
  same<Awaited<ReturnType<typeof encode>>, string>();
  await encode({ visits: 1 }, { permanent: true });
  const result = await decode("");
  if (result.ok) {
    same<typeof result.data, Partial<Data>>();
    same<typeof result.permanent, boolean>();
    same<typeof result.issuedAt, Date>();
  } else {
    same<typeof result.reason, RejectReason>();
  }

  // @ts-expect-error: a value of another type
  await encode({ visits: "1" });
  // @ts-expect-error: a mistyped key
  await encode({ visit: 1 });
  // @ts-expect-error: it may not be ok
  result.data;
}

export async function aUsersSessionsAreListedWithWhatDescribePicks() {
  const { sessionsOf, endSessionsOf } = defineSession<{ userId: number; browser: string }>({
    userOf: (data) => {
      same<typeof data, Partial<{ userId: number; browser: string }>>();
      return data.userId;
    },
  });
  const devices = await sessionsOf(7, { describe: ({ browser }) => ({ browser }) });
  same<(typeof devices)[number], UserSession<{ browser: string | undefined }>>();
  const [plain] = await sessionsOf("7");
  same<typeof plain, UserSession | undefined>();
  await endSessionsOf(7n, { except: undefined });

  // @ts-expect-error: a session may belong to nobody, and nobody has no sessions
  await sessionsOf(undefined);
  // @ts-expect-error: there is no such key
  await sessionsOf(7, { describe: ({ device }) => device });
  // @ts-expect-error: a Date is no user id
  defineSession<{ since: Date }>({ userOf: (data) => data.since });

  const schema = z.object({ account: z.string() });
  defineSession({ schema, userOf: (data) => data.account });
  // @ts-expect-error: the schema has no such key
  defineSession({ schema, userOf: (data) => data.userId });

  const options: SessionOptions = { userOf: (data) => data.userId };
  defineSession<{ userId: number }>(options);
}
