import { Suspense } from "react";
import { getSession } from "@/lib/session";
import { count } from "./actions";

export default function Page() {
  return (
    <>
      <p>the shell, built once</p>
      <Suspense fallback="no session yet">
        <Visits />
      </Suspense>
      <form id="count" action={count} />
    </>
  );
}

async function Visits() {
  return <output data-reader="server component">{JSON.stringify(await getSession())}</output>;
}
