import type { Metadata, Viewport } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { Navigation } from "@/components/navigation";
import { getPublicSession, hasStore } from "@/lib/session";
import { SessionProvider } from "@/lib/session-context";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "next-signed-session", template: "%s · next-signed-session" },
  description: "A visit counter and a cart, kept in a signed cookie.",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f4f5f1" },
    { media: "(prefers-color-scheme: dark)", color: "#12161a" },
  ],
};

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <SessionProvider session={getPublicSession()}>
          <a className="skip" href="#content">
            Skip to the content
          </a>
          <header>
            <Link href="/" className="brand">
              next-signed-session
            </Link>
            <Navigation hasStore={hasStore} />
          </header>
          <main id="content" tabIndex={-1}>
            {children}
          </main>
        </SessionProvider>
      </body>
    </html>
  );
}
