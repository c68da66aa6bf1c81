import { cookies } from "next/headers";
import { decode } from "./session";

export async function readCookie() {
  const value = (await cookies()).get("session")?.value;
  if (!value) return;

  const [payload = "", timestamp = "", signature = ""] = splitFromTheEnd(value);
  return { payload, timestamp, signature, decoded: await decode(value) };
}

// A compressed payload starts with a dot of its own.
function splitFromTheEnd(value: string) {
  return /^(.+)\.([^.]+)\.([^.]+)$/.exec(value)?.slice(1) ?? [value];
}
