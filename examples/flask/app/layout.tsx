import type { Metadata } from "next";
import type { ReactNode } from "react";
import "@/public/style.css"; // Flask's pages have it from there, too

export const metadata: Metadata = { title: "A count, in Next.js" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <main>{children}</main>
      </body>
    </html>
  );
}
