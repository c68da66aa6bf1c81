import { SessionError, SessionStoreError } from "../errors/errors.ts";
import { type FormatSettings, peerOf } from "../formats/format.ts";
import { loadCodec, loadDecoder } from "../formats/load-codec.ts";
import type { OpenStore, SessionStore } from "../store/store.ts";
import { CookieHome } from "./cookie-home.ts";
import type { ReadableHome, SessionHome } from "./home.ts";
import { SessionCookie, type SessionCookieOptions } from "./session-cookie.ts";
import type { StoreHomeOptions } from "./store-home.ts";

/** A store with its options checked. */
export interface StoreSettings {
  readonly format: "stored";
  readonly backend: SessionStore | OpenStore;
  readonly secrets: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
}

export interface HomeContext extends SessionCookieOptions, Pick<StoreHomeOptions, "adapt"> {
  readonly chunk: boolean;
  readonly compress: boolean;
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
  if (settings.format === "stored") return loadStoreHome(settings, context);
  const { decode } = await loadDecoder(settings, codecContext(context));
  return { read: decode };
}

/** The code for stores is loaded when there is one: most apps keep their sessions in cookies. */
export async function loadStoreHome(
  { backend, secrets, timeout }: StoreSettings,
  context: HomeContext,
): Promise<SessionHome> {
  const [{ StoreHome }, { RecordStore }, { withoutKeyv }, given] = await Promise.all([
    import("./store-home.ts"),
    import("../store/store.ts"),
    import("../store/keyv.ts"),
    typeof backend === "function" ? openStore(backend) : backend,
  ]);
  const store = new RecordStore(withoutKeyv(given), timeout);
  const { name, lifetime, adapt, now } = context;
  const cookie = new SessionCookie(context);
  return new StoreHome({ name, secrets, store, cookie, lifetime, adapt, now });
}

function codecContext({ name, lifetime, now }: HomeContext) {
  return { name, permanentLifetime: lifetime.permanentLifetime, now };
}

async function openStore(open: OpenStore): Promise<SessionStore> {
  try {
    return await open();
  } catch (cause) {
    if (cause instanceof SessionError) throw cause;
    throw new SessionStoreError(
      "ERR_SESSION_STORE",
      "The session store could not be opened; the error that the function in the option `store` threw is the cause of this one. The next request tries again.",
      { cause },
    );
  }
}
