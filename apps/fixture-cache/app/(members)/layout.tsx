import Link from "next/link";
import { type ReactNode, Suspense } from "react";
import { currentSession } from "@/lib/current-session";
import { SessionProvider } from "@/lib/session-context";
import { logout } from "../actions";
import { UserBadge } from "../user-badge";

export default function MembersLayout({ children }: { children: ReactNode }) {
  return (
    <SessionProvider session={currentSession()}>
      <nav>
        <Link href="/">Home</Link> <Link href="/dashboard">Dashboard</Link>{" "}
        <Link href="/notes">Notes</Link>
        <Suspense fallback={<p>…</p>}>
          <UserBadge />
        </Suspense>
        <form action={logout}>
          <button type="submit">Log out</button>
        </form>
      </nav>
      {children}
    </SessionProvider>
  );
}
