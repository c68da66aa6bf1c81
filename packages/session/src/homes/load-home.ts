import { type FormatSettings, peerOf } from "../formats/format.ts";
import { loadCodec, loadDecoder } from "../formats/load-codec.ts";
import type { OpenStore, SessionStore } from "../store/store.ts";
import { CookieHome } from "./cookie-home.ts";
import type { ReadableHome, SessionHome } from "./home.ts";
import { SessionCookie, type SessionCookieOptions } from "./session-cookie.ts";
import type { StoreHomeOptions } from "./store-home.ts";
import type { UserOf } from "./user-groups.ts";

/** A store, which is checked when it is opened. */
export interface StoreSettings {
  readonly format: "stored";
  /** The name of the option that it was given to. */
  readonly option: string;
  readonly backend: SessionStore | OpenStore;
  readonly secrets: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
}

export interface HomeContext extends SessionCookieOptions, Pick<StoreHomeOptions, "adapt"> {
  readonly chunk: boolean;
  readonly compress: boolean;
  readonly userOf?: UserOf | undefined;
  readonly revocation?: object | undefined;
  /** Unix time in seconds. */
  now(): number;
}

export async function loadCookieHome(
  settings: FormatSettings,
  context: HomeContext,
): Promise<SessionHome> {
  const codec = await loadCodec(settings, codecContext(context));
  const canChunk = peerOf(settings.format) === undefined;
  return new CookieHome(codec, new SessionCookie(context), { ...context, canChunk });
}

/** A home that is accepted: its sessions are read, and move to the session's own home when written. */
export async function loadAcceptedHome(
  settings: FormatSettings | StoreSettings,
  context: HomeContext,
): Promise<ReadableHome> {
  // Its sessions leave it, so nobody asks it whose they are.
  if (settings.format === "stored") {
    return loadStoreHome(settings, { ...context, userOf: undefined });
  }
  const { decode } = await loadDecoder(settings, codecContext(context));
  return { read: decode };
}

/** The code for stores is loaded when there is one: most apps keep their sessions in cookies. */
export async function loadStoreHome(
  settings: StoreSettings,
  context: HomeContext,
): Promise<SessionHome> {
  const { openStoreHome } = await import("./open-store-home.ts");
  return openStoreHome(settings, context);
}

function codecContext({ name, lifetime, now }: HomeContext) {
  return { name, idleTimeout: lifetime.idleTimeout, now };
}
