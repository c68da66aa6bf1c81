import Link from "next/link";
import { Suspense } from "react";
import { getSession } from "@/lib/session";

export default function Page() {
  return (
    <>
      <h1>Direct</h1>
      <Suspense fallback={<p>No session yet</p>}>
        <UserId />
      </Suspense>
      <Link href="/">Home</Link>
    </>
  );
}

async function UserId() {
  const { userId } = await getSession();
  return <p>User {userId ?? "unknown"}</p>;
}
