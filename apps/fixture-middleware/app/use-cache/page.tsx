import { connection } from "next/server";
import type { SessionError } from "next-signed-session";
import { Suspense } from "react";
import { getSession } from "@/lib/session";

export default function Page() {
  return (
    <Suspense>
      <Cached />
    </Suspense>
  );
}

async function Cached() {
  await connection();
  return (
    <>
      <output data-reader="cached function">{JSON.stringify(await visitsFromCache())}</output>
      <output data-reader="its argument">{JSON.stringify(await passingASession())}</output>
    </>
  );
}

async function passingASession() {
  try {
    return await keysOf(await getSession());
  } catch (error) {
    const { code, message } = error as SessionError;
    return { code, message };
  }
}

async function keysOf(given: object) {
  "use cache";
  return Object.keys(given);
}

async function visitsFromCache() {
  "use cache";
  try {
    return (await getSession()).visits;
  } catch (error) {
    return (error as SessionError).code;
  }
}
