"use client";
import { useSession } from "@/lib/session-context";

export function UserBadge() {
  const { name } = useSession();
  return <p>Logged in as {name}</p>;
}
