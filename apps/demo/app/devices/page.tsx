import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Source } from "@/components/source";
import { longDate } from "@/lib/long-date";
import { getSession, hasStore, sessionsOf } from "@/lib/session";
import { logIn, logOut, logOutDevice, logOutOtherDevices } from "./actions";
import actions from "./actions.ts?raw";

export const metadata: Metadata = { title: "Devices" };

export default async function DevicesPage() {
  const { userId, sessionId } = await getSession();
  if (!hasStore) notFound();

  return (
    <>
      <h1>Your devices</h1>
      {userId ? (
        <Devices userId={userId} current={sessionId} />
      ) : (
        <>
          <p className="lead">
            Log in here and in another browser, with the same name. Any name will do: this is a
            demo.
          </p>
          <form action={logIn} className="add">
            <label>
              Name
              <input name="name" autoComplete="username" maxLength={40} required />
            </label>
            <button type="submit" className="first">
              Log in
            </button>
          </form>
        </>
      )}
      <Source file="app/devices/actions.ts" text={actions} />
    </>
  );
}

async function Devices({ userId, current }: { userId: string; current: string | undefined }) {
  const devices = await sessionsOf(userId, { describe: ({ browser }) => ({ browser }) });

  return (
    <>
      <p className="lead">
        {userId} is logged in on {devices.length === 1 ? "one device" : `${devices.length} devices`}
        . Each is a session in the store, which ends at once when you log it out here.
      </p>
      <ul aria-label="Logged in" className="devices">
        {devices.map(({ sessionId, began, lastSeen, data }) => (
          <li key={sessionId}>
            <div>
              <h2>
                {data.browser}
                {sessionId === current && ", this one"}
              </h2>
              <p>Since {longDate(began)}</p>
              <p>Last seen {longDate(lastSeen)}</p>
            </div>
            {sessionId === current ? (
              <form action={logOut}>
                <button type="submit">Log out</button>
              </form>
            ) : (
              <form action={logOutDevice}>
                <input type="hidden" name="sessionId" value={sessionId} />
                <button type="submit">Log out {data.browser}</button>
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
