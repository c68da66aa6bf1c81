import { type ReactNode, Suspense } from "react";
import { SessionProvider } from "./context";
import { getPublicSession } from "./session";

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <Suspense>
      <SessionProvider session={getPublicSession()}>{children}</SessionProvider>
    </Suspense>
  );
}
