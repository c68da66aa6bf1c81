import type { Context } from "react";
import type { ServerClock } from "./server-clock.ts";

/** What the provider and the hooks of one kind of session share. */
export interface Kind<Public> {
  readonly context: Context<Known<Public> | undefined>;
  readonly clock: ServerClock;
  readonly channel: string;
}

/** What a provider knows of the session. */
export interface Known<Public> {
  readonly given: Promise<Public>;
  readonly newer: Newer<Public> | undefined;
  replace(by: (before: Public) => Public): void;
}

/** A session that has replaced the one of a server component's promise. */
export interface Newer<Public> {
  readonly than: Promise<Public>;
  readonly value: Public;
}
