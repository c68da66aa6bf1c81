import Link from "next/link";
import { type ReactNode, Suspense } from "react";
import { getCurrentUser } from "@/lib/auth";
import { logout } from "../actions";
import { UserBadge } from "../user-badge";
import { UserProvider } from "../user-provider";

export default function MembersLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <nav>
        <Link href="/">Home</Link> <Link href="/dashboard">Dashboard</Link>{" "}
        <Link href="/notes">Notes</Link>
        <Suspense fallback={<p>…</p>}>
          <Badge />
        </Suspense>
        <form action={logout}>
          <button type="submit">Log out</button>
        </form>
      </nav>
      {children}
    </>
  );
}

function Badge() {
  return (
    <UserProvider user={getCurrentUser()}>
      <UserBadge />
    </UserProvider>
  );
}
