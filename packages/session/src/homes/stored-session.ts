import type { Payload } from "../formats/codec.ts";
import { dumpPayload, loadPayload } from "../formats/payload.ts";
import { changedInPlace, type InPlace, merge, type Objects, objectsIn } from "../store/merge.ts";
import type { HeldSession, SessionChange } from "./home.ts";
import { formatRecord, type SessionRecord } from "./record.ts";

/** A payload and its serialized text. */
export interface Stored {
  readonly payload: Payload;
  readonly text: string;
  /** The leases of its record, if they change. */
  readonly leases?: string | undefined;
}

/** A session as a request holds it: as it read it, or as it last saved it. */
export interface StoredSession extends HeldSession {
  /** The secret in the cookie. */
  readonly id: string;
  /** The session's key in the store. It is no secret. */
  readonly sessionId: string;
  /** The record as last seen in the store. `undefined`: the session has yet to move into the store. */
  readonly content: string | undefined;
  /** Does the request see all that the record holds? Another request may have added to it. */
  readonly isComplete: boolean;
  /** The objects that the request can change in place. */
  readonly objects: Objects;
}

/** What one save is to put into the store. */
export interface Save extends Stored {
  readonly held: StoredSession;
  readonly inPlace: InPlace;
  /** The objects that the request can change in place after this save. */
  readonly objects: Objects;
  /** Unix time in seconds. */
  readonly now: number;
}

export type Adapt = (stored: Payload, writtenAt: number) => Promise<Payload | undefined>;

export function saveOf(held: StoredSession, { payload, text, issuedAt }: SessionChange): Save {
  const inPlace = changedInPlace(held.objects, payload.data);
  return { held, payload, text, inPlace, objects: objectsIn(payload.data), now: issuedAt };
}

/** Repeats what a request did on what others have stored meanwhile. */
export async function replay(save: Save, stored: SessionRecord, adapt: Adapt): Promise<Stored> {
  const { held, payload: mine } = save;
  const isUntouched = held.isComplete && formatRecord(stored) === held.content;
  if (isUntouched) return { payload: mine, text: save.text };
  const base = loadPayload(held.text);
  // The text, and not the payload, whose values the app may have changed since the save began.
  const { data, permanent, createdAt } = loadPayload(save.text);
  const theirs = await adapted(stored, adapt);
  return storedAs({
    data: merge(base.data, data, theirs.data, save.inPlace, equal),
    permanent: permanent === base.permanent ? theirs.permanent : permanent,
    createdAt: createdAt ?? theirs.createdAt,
  });
}

/** The stored payload in the shape of today's schema: an older release may have written it. */
export async function adapted({ text, writtenAt }: SessionRecord, adapt: Adapt): Promise<Payload> {
  const payload = loadPayload(text);
  return (await adapt(payload, writtenAt)) ?? payload;
}

export function storedAs(payload: Payload): Stored {
  return { payload, text: dumpPayload(payload) };
}

export function equal(a: unknown, b: unknown): boolean {
  if (a === b && typeof a !== "object") return !Object.is(a, -0) === !Object.is(b, -0);
  const textOf = (value: unknown) => dumpPayload({ data: { value }, permanent: false });
  return textOf(a) === textOf(b);
}
