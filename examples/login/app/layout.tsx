import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import "./globals.css";

export const metadata: Metadata = { title: "Account" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <nav aria-label="Pages">
          <Link href="/">Account</Link>
          <Link href="/devices">Your devices</Link>
        </nav>
        <main>{children}</main>
      </body>
    </html>
  );
}
