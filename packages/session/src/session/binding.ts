import type { Payload } from "../formats/codec.ts";
import type { FlashTiming } from "./flash.ts";

/** What should become of the session's id when it is saved. */
export type Renewal = "regenerate" | "clear";

/** A session as it is when it is saved. */
export interface Snapshot {
  readonly payload: Payload;
  /** The payload, serialized. */
  readonly text: string;
  readonly modified: boolean;
  readonly renewal: Renewal | undefined;
}

/** What ties a session object to its request. Cookies, formats, stores and clocks are behind it. */
export interface SessionBinding {
  readonly flashTiming?: FlashTiming | undefined;
  /** The session's name in a store, which may be shown and logged. */
  readonly sessionId?: string | undefined;
  /** Does the browser hold something that this renewal would replace or delete? */
  canRenew?(renewal: Renewal): boolean;
  /** An empty payload that begins now. */
  begin(): Payload;
  /** Equal texts are equal sessions. @throws SessionSerializationError */
  serialize(payload: Payload): string;
  /** The inverse of {@link serialize}. */
  parse(text: string): Payload;
  /** Makes the browser's cookie agree with the session. Called once at a time. */
  save(session: Snapshot): Promise<void>;
}
