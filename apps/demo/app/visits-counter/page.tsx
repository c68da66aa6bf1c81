import type { Metadata } from "next";
import { CookieNow } from "@/components/cookie-now";
import { Source } from "@/components/source";
import { Tally } from "@/components/tally";
import { expiryOf, readCookie } from "@/lib/cookie";
import { longDate } from "@/lib/long-date";
import { getPublicSession, getSession } from "@/lib/session";
import { SessionProvider } from "@/lib/session-context";
import proxy from "../../proxy.ts?raw";
import { deleteVisits, setPermanent } from "./actions";

export const metadata: Metadata = { title: "Visits" };

export default async function VisitsCounter() {
  const { visits = 0, permanent } = await getSession();
  const cookie = await readCookie();

  return (
    // The navigation shows what the proxy counted for this page: Next.js renders no layout for a click.
    <SessionProvider session={getPublicSession()}>
      <div className="total" role="status">
        <h1>{`Total visits: ${visits}`}</h1>
        {visits > 0 ? <Tally count={visits} /> : <p>The next visit is the first again.</p>}
      </div>

      <div className="controls">
        <form action={deleteVisits}>
          <button type="submit">Delete the visits</button>
        </form>
        <form action={setPermanent}>
          <button
            type="submit"
            className="switch"
            role="switch"
            aria-checked={permanent}
            name="permanent"
            value={String(!permanent)}
          >
            Permanent
          </button>
        </form>
        <p role="status">
          {!cookie?.decoded.ok
            ? "There is no cookie to keep."
            : permanent
              ? `The cookie is kept until ${longDate(expiryOf(cookie.decoded.issuedAt))}.`
              : "The cookie ends when the browser closes."}
        </p>
      </div>

      <p className="lead">
        The proxy counts and the page shows the new count, both in one request. Reload to be counted
        again.
      </p>
      <CookieNow />
      <Source file="proxy.ts" text={proxy} />
    </SessionProvider>
  );
}
