import { Suspense } from "react";
import { getCurrentUser } from "@/lib/auth";

export default function Page() {
  return (
    <main>
      <Announcements />
      <Suspense fallback={<p>Loading your dashboard…</p>}>
        <Dashboard />
      </Suspense>
    </main>
  );
}

async function Announcements() {
  "use cache";
  return <p>An announcement for everyone</p>;
}

async function Dashboard() {
  const user = await getCurrentUser();
  return <h1>Welcome, {user.name}</h1>;
}
