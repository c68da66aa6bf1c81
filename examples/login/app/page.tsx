import { Suspense } from "react";
import { getSession } from "@/lib/session";
import { requireUser } from "@/lib/users";
import { logout } from "./actions";

export default function AccountPage() {
  return (
    <Suspense fallback={<p>Loading…</p>}>
      <Account />
    </Suspense>
  );
}

async function Account() {
  const { name } = await requireUser();
  const { permanent } = await getSession();
  return (
    <>
      <h1>Hello, {name}</h1>
      <p>
        {permanent
          ? "This device remembers you: you stay logged in until you have not been here for 31 days."
          : "This device does not remember you: you are logged out when the browser closes."}
      </p>
      <form action={logout}>
        <button type="submit">Log out</button>
      </form>
    </>
  );
}
