import type { Metadata } from "next";
import { CookieNow } from "@/components/cookie-now";
import { Source } from "@/components/source";
import { Tally } from "@/components/tally";
import { expiryOf, readCookie } from "@/lib/cookie";
import { longDate } from "@/lib/long-date";
import { getSession } from "@/lib/session";
import proxy from "../../proxy.ts?raw";
import { deleteVisits, setPermanent } from "./actions";

export const metadata: Metadata = { title: "Visits" };

export default async function VisitsCounter() {
  const { visits = 0, permanent } = await getSession();
  const cookie = await readCookie();

  return (
    <>
      <div className="total" role="status">
        <h1>{`Total visits: ${visits}`}</h1>
        <Tally count={visits} />
        {visits === 0 && <p>Visits deleted. The next one is the first again.</p>}
      </div>
      <p className="lead">
        The proxy counts and the page shows the new count, both in one request. Reload to be counted
        again.
      </p>

      <div className="controls">
        <form action={deleteVisits}>
          <button type="submit" disabled={visits === 0}>
            Delete the visits
          </button>
        </form>
        <form action={setPermanent}>
          <button
            type="submit"
            className="switch"
            role="switch"
            aria-checked={permanent}
            aria-describedby="expiry"
            name="permanent"
            value={String(!permanent)}
            disabled={!cookie}
          >
            Permanent
          </button>
          <p id="expiry" role="status">
            {!cookie && "No cookie, nothing to keep."}
            {cookie && !permanent && "The cookie ends when the browser closes."}
            {cookie && permanent && <>The cookie is kept until {longDate(expiryOf(cookie))}.</>}
          </p>
        </form>
      </div>

      <CookieNow />
      <Source file="proxy.ts" text={proxy} />
    </>
  );
}
