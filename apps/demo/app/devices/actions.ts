"use server";

import { refresh } from "next/cache";
import { headers } from "next/headers";
import { browserOf } from "@/lib/browser";
import { endSession, endSessionsOf, getSession, sessionsOf } from "@/lib/session";

/** Any name will do, because this is a demo. */
export async function logIn(form: FormData) {
  const name = String(form.get("name")).trim().slice(0, 40);
  if (!name) return;

  await using session = await getSession();
  session.regenerate();
  session.userId = name;
  session.browser = browserOf((await headers()).get("user-agent"));
}

export async function logOut() {
  await using session = await getSession();
  session.clear();
}

export async function logOutDevice(form: FormData) {
  const { userId } = await getSession();
  if (!userId) return;

  // Anyone can send any id, so only an id of this user's own list counts.
  const devices = await sessionsOf(userId);
  const device = devices.find(({ sessionId }) => sessionId === form.get("sessionId"));
  if (device) await endSession(device.sessionId);
  refresh();
}

export async function logOutOtherDevices() {
  const { userId, sessionId } = await getSession();
  if (userId) await endSessionsOf(userId, { except: sessionId });
  refresh();
}
