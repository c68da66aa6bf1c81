import { type ReactNode, Suspense } from "react";
import { getSession } from "@/lib/session";

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <>
      <Suspense>
        <PrivateInLayout />
      </Suspense>
      {children}
    </>
  );
}

async function PrivateInLayout() {
  const seen = await privately();
  return <output data-reader="private cache in the layout">{seen}</output>;
}

async function privately(): Promise<string> {
  "use cache: private";
  return JSON.stringify(await getSession());
}
