import { use, useEffect, useState } from "react";
import type { PublicTimes } from "../core/public-session.ts";
import { SessionContextError } from "../errors/errors.ts";
import type { Kind } from "./kind.ts";

export function usePublicSession<Public extends PublicTimes>({ context }: Kind<Public>): Public {
  const known = use(context);
  if (!known) {
    throw new SessionContextError(
      "ERR_SESSION_NO_PROVIDER",
      "useSession() needs a SessionProvider above it, of the same createSessionContext().",
    );
  }
  const { given, newer } = known;
  const session = newer?.than === given ? newer.value : use(given);
  if (!session?.readAt) {
    throw new SessionContextError(
      "ERR_SESSION_COPY",
      "SessionProvider needs session={getPublicSession()}. The browser has got what it was given instead.",
    );
  }
  return session;
}

export function useTimeLeft<Public extends PublicTimes>(
  kind: Kind<Public>,
  within: number,
): number | undefined {
  const { clock } = kind;
  const session = usePublicSession(kind);
  const [secondsLeft, setSecondsLeft] = useState<number>();
  useEffect(() => {
    if (!session.expiresAt) return;
    clock.learn(session);
    let cancel = () => {};
    const show = () => {
      const left = Math.max(0, Math.ceil(clock.left(session) / 1000));
      setSecondsLeft(left > within ? undefined : left);
      if (left > 0) cancel = clock.whenLeft(Math.min(left - 1, within) * 1000, session, show);
    };
    show();
    return () => cancel();
  }, [clock, session, within]);
  return session.expiresAt && secondsLeft;
}
