import {
  type CookieOptions,
  type Duration,
  defineSession,
  type FormatOptions,
  type RejectReason,
  type SessionOptions,
  type StoredOptions,
} from "../../src/index.ts";
import { mintCookies } from "../../src/testing.ts";
import { type Data, same } from "../support/same-type.ts";

export function optionsHaveTypes() {
  const duration: Duration = { days: 31, hours: 1 };
  const options: SessionOptions = {
    secret: ["a", "b"],
    cookie: { sameSite: "none", secure: true, partitioned: true, priority: "high" },
    idleTimeout: duration,
    refreshAfter: 60,
    format: { format: "flask", digest: "SHA-512" },
    accept: ["iron-session", { format: "flask", secret: "c" }],
    onReject: (reason) => same<typeof reason, RejectReason>(),
    clock: Date.now,
  };
  defineSession<Data>(options);
  defineSession(options);

  // @ts-expect-error: no such unit
  defineSession({ idleTimeout: { weeks: 1 } });
  // @ts-expect-error: not a duration
  defineSession({ idleTimeout: "31 days" });
  // @ts-expect-error: no such option
  defineSession({ ttl: 60 });
  // @ts-expect-error: no such attribute
  defineSession({ cookie: { maxAge: 60 } });
  // @ts-expect-error: in lower case
  defineSession({ cookie: { sameSite: "Lax" } });
  // @ts-expect-error: read, but never written
  defineSession({ format: "iron-session" });
}

/** Every option present, with the value `undefined`. */
type AllUndefined<Options> = { [Option in keyof Required<Options>]: undefined };

export async function everyOptionMayBeUndefined() {
  // `exactOptionalPropertyTypes` is on here: without `| undefined` in an option's type these fail.
  const options = {} as AllUndefined<SessionOptions>;
  const cookie = {} as AllUndefined<CookieOptions>;
  const duration = {} as AllUndefined<Exclude<Duration, number>>;
  const flask = {} as AllUndefined<Omit<FormatOptions<"flask">, "format">>;
  const stored = {} as AllUndefined<Omit<StoredOptions, "format" | "store">>;
  const { getSession, encode } = defineSession<Data>(options);
  defineSession<Data>({
    ...options,
    cookie,
    refreshAfter: duration,
    format: { ...flask, format: "flask" },
    accept: [{ ...stored, format: "stored", store: new Map<string, string>() }],
  });
  defineSession<Data>(undefined);
  await encode({}, undefined);
  await encode({}, { permanent: undefined });
  await mintCookies(getSession, {}, { url: undefined, permanent: undefined });
  await mintCookies(getSession, {}, undefined);
}
