import type { Payload } from "../../src/formats/codec.ts";
import { SessionCookie } from "../../src/homes/session-cookie.ts";
import { StoreHome, type StoreHomeOptions } from "../../src/homes/store-home.ts";
import type { Lifetime } from "../../src/session/lifetime.ts";
import { RecordStore } from "../../src/store/store.ts";
import { DAY, NOW, SECRET } from "./fixed.ts";
import { MemoryStore } from "./memory-store.ts";

export interface HomeOptions extends Partial<Pick<StoreHomeOptions, "name" | "secrets" | "store">> {
  lifetime?: Partial<Lifetime>;
}

/** What each test says of its options goes over these. */
export function storeHomeWith(options: HomeOptions = {}): StoreHome {
  const { name = "session", secrets = [SECRET] } = options;
  const store = options.store ?? new RecordStore(new MemoryStore(), 1000);
  const times = { idleTimeout: DAY, refreshAfter: 0, absoluteTimeout: undefined };
  const defaults = { ...times, refreshesAll: true };
  const lifetime = { ...defaults, ...options.lifetime };
  const attributes = { path: "/", httpOnly: true, secure: false, sameSite: "lax" } as const;
  const cookie = new SessionCookie({ name, attributes, lifetime });
  const adapt = async (stored: Payload) => stored;
  return new StoreHome({ name, secrets, store, lifetime, cookie, adapt, now: () => NOW });
}
