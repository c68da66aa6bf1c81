import Link from "next/link";
import { type ReactNode, Suspense } from "react";
import { getCurrentUser } from "@/lib/auth";
import { logout } from "../actions";

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <>
      <header>
        <Link href="/">Home</Link>
        <Link href="/dashboard">Dashboard</Link>
        <Link href="/notes">Notes</Link>
        <Suspense fallback={<p>Who is it?</p>}>
          <SignedInAs />
        </Suspense>
        <form action={logout}>
          <button type="submit">Log out</button>
        </form>
      </header>
      {children}
    </>
  );
}

async function SignedInAs() {
  const user = await getCurrentUser();
  return <p>Signed in as {user.name}</p>;
}
