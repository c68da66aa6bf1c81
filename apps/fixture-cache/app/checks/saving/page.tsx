import type { SessionError } from "next-signed-session";
import { Suspense } from "react";
import { getSession } from "@/lib/session";

export default function Page() {
  return (
    <Suspense>
      <Refusal />
    </Suspense>
  );
}

async function Refusal() {
  return <output data-reader="private cache">{JSON.stringify(await save())}</output>;
}

async function save() {
  "use cache: private";
  const session = await getSession();
  session.visits = 1;
  return session.save().then(
    () => "saved",
    ({ code, message }: SessionError) => ({ code, message }),
  );
}
