"use client";
import { useSession } from "@/lib/session-context";

export function UserBadge() {
  return <p>Signed in as {useSession().name}</p>;
}
