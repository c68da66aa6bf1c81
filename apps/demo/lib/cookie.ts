import { cookies } from "next/headers";
import { decode, permanentLifetime } from "./session";

export async function readCookie() {
  const value = (await cookies()).get("session")?.value;
  if (!value) return;

  const [payload = "", timestamp = "", signature = ""] = splitFromTheEnd(value);
  return { value, payload, timestamp, signature, decoded: await decode(value) };
}

export function expiryOf(issuedAt: Date) {
  return new Date(issuedAt.getTime() + permanentLifetime.days * 24 * 60 * 60 * 1000);
}

// A compressed payload starts with a dot of its own.
function splitFromTheEnd(value: string) {
  return /^(.+)\.([^.]+)\.([^.]+)$/.exec(value)?.slice(1) ?? [value];
}
