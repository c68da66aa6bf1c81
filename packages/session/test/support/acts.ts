import type { LooseSession } from "./visitor.ts";

/** What a request does that counts its visitor's visits. */
export const count = (session: LooseSession) => {
  session.visits = ((session.visits as number) ?? 0) + 1;
};

/** The same, and the session outlives the browser. */
export const permanently = (session: LooseSession) => {
  session.permanent = true;
  count(session);
};
