import { Suspense } from "react";
import { getSession } from "@/lib/session";
import { count, forget } from "./actions";

export default function Page() {
  return (
    <>
      <h1>Next.js</h1>
      <Suspense fallback={<p>Loading…</p>}>
        <Count />
      </Suspense>
      <form action={count}>
        <button type="submit" className="first">
          Count in Next.js
        </button>
      </form>
      <form action={forget}>
        <button type="submit">Forget it</button>
      </form>
      {/* No <Link>: Next.js' router knows nothing of Flask's pages. */}
      <a href="/flask">Go on in Flask</a>
    </>
  );
}

async function Count() {
  const { count = 0, by = "nobody" } = await getSession();
  return (
    <p>
      The count is <strong>{count}</strong>, last changed by {by}.
    </p>
  );
}
