"use client";
import { createContext, type ReactNode, use } from "react";
import type { User } from "@/lib/auth";

const UserContext = createContext<Promise<User> | undefined>(undefined);

export function UserProvider({ user, children }: { user: Promise<User>; children: ReactNode }) {
  return <UserContext value={user}>{children}</UserContext>;
}

export function useUser(): User {
  const user = use(UserContext);
  if (!user) throw new Error("useUser() needs a <UserProvider> above it");
  return use(user);
}
