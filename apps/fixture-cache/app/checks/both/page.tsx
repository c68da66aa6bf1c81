import { Suspense } from "react";
import { getSession } from "@/lib/session";
import { visit } from "./actions";

export default function Page() {
  return (
    <>
      <Suspense>
        <Private />
        <Direct />
      </Suspense>
      <form id="visit" action={visit} />
    </>
  );
}

async function Direct() {
  return <output data-reader="component">{JSON.stringify(await getSession())}</output>;
}

async function Private() {
  return <output data-reader="nested private caches">{await outer()}</output>;
}

async function outer(): Promise<string> {
  "use cache: private";
  return inner();
}

async function inner(): Promise<string> {
  "use cache: private";
  return JSON.stringify(await getSession());
}
