import { connection } from "next/server";
import type { SessionError } from "next-signed-session";
import { Suspense } from "react";
import { getSession } from "@/lib/session";

export default function Page() {
  return (
    <Suspense>
      <Refusals />
    </Suspense>
  );
}

async function Refusals() {
  await connection();
  return (
    <>
      <output data-reader="use cache">{JSON.stringify(await inMemory())}</output>
      <output data-reader="use cache: remote">{JSON.stringify(await remotely())}</output>
    </>
  );
}

async function inMemory() {
  "use cache";
  return refusal();
}

async function remotely() {
  "use cache: remote";
  return refusal();
}

function refusal() {
  return getSession().then(
    () => "given",
    ({ code, message }: SessionError) => ({ code, message }),
  );
}
