import { Suspense } from "react";
import { getSession } from "@/lib/session";

export default function Page() {
  return (
    <main>
      <h1>Direct</h1>
      <Suspense fallback={<p>no session yet</p>}>
        <Direct />
      </Suspense>
    </main>
  );
}

async function Direct() {
  const { userId } = await getSession();
  return <p>Directly: {userId ?? "nobody"}</p>;
}
