import type { Metadata } from "next";
import { Suspense } from "react";
import { getSession, sessionsOf } from "@/lib/session";
import { requireUser } from "@/lib/users";
import { logout } from "../actions";
import { logOutDevice, logOutOtherDevices } from "./actions";

export const metadata: Metadata = { title: "Your devices" };

export default function DevicesPage() {
  return (
    <>
      <h1>Your devices</h1>
      <Suspense fallback={<p>Loading…</p>}>
        <Devices />
      </Suspense>
    </>
  );
}

async function Devices() {
  const user = await requireUser();
  const { sessionId: current } = await getSession();
  const devices = await sessionsOf(user.id, { describe: ({ browser }) => ({ browser }) });

  return (
    <>
      <ul aria-label="Devices that are logged in" className="list">
        {devices.map(({ sessionId, began, lastSeen, data: { browser } }) => (
          <li key={sessionId}>
            <div>
              <h2>
                {browser}
                {sessionId === current && ", this device"}
              </h2>
              <p className="quiet">
                Logged in <Time of={began} />
              </p>
              <p className="quiet">
                Last seen <Time of={lastSeen} />
              </p>
            </div>
            {sessionId === current ? (
              <form action={logout}>
                <button type="submit">Log out here</button>
              </form>
            ) : (
              <form action={logOutDevice}>
                <input type="hidden" name="sessionId" value={sessionId} />
                <button type="submit" aria-label={`Log out ${browser}`}>
                  Log out
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
      {devices.length > 1 && (
        <form action={logOutOtherDevices}>
          <button type="submit" className="first">
            Log out all other devices
          </button>
        </form>
      )}
    </>
  );
}

const format = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

function Time({ of }: { of: Date }) {
  return <time dateTime={of.toISOString()}>{format.format(of)}</time>;
}
