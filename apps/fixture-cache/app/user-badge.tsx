"use client";
import { useUser } from "./user-provider";

export function UserBadge() {
  return <p>Signed in as {useUser().name}</p>;
}
