"use server";
import { refresh } from "next/cache";
import { endSession, endSessionsOf, getSession, sessionsOf } from "@/lib/session";
import { requireUser } from "@/lib/users";

export async function logOutDevice(form: FormData) {
  const { id } = await requireUser();
  // Anyone can send any id, so only an id of this user's own list counts.
  const devices = await sessionsOf(id);
  const device = devices.find(({ sessionId }) => sessionId === form.get("sessionId"));
  if (device) await endSession(device.sessionId);
  refresh();
}

export async function logOutOtherDevices() {
  const { id } = await requireUser();
  const { sessionId } = await getSession();
  await endSessionsOf(id, { except: sessionId });
  refresh();
}
