import { Suspense } from "react";
import { getCurrentUser } from "@/lib/auth";

export default function DashboardPage() {
  return (
    <>
      <p>Built once, the same for everyone</p>
      <Suspense fallback={<p>Loading your dashboard…</p>}>
        <Dashboard />
      </Suspense>
    </>
  );
}

async function Dashboard() {
  const user = await getCurrentUser();
  return <h1>Welcome, {user.name}</h1>;
}
