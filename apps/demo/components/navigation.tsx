"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useSession } from "@/lib/session-context";

export function Navigation({ hasStore }: { hasStore: boolean }) {
  const here = usePathname();
  const { visits, cart = {} } = useSession();
  const pieces = Object.values(cart).reduce((sum, quantity) => sum + Number(quantity), 0);
  const pages = [
    { path: "/", name: "Your cookie" },
    { path: "/visits-counter/", name: "Visits", count: visits },
    { path: "/cart/", name: "Cart", count: pieces },
    ...(hasStore ? [{ path: "/devices/", name: "Devices", count: 0 }] : []),
  ];

  return (
    <nav aria-label="Pages">
      <ul>
        {pages.map(({ path, name, count }) => (
          <li key={path}>
            <Link href={path} aria-current={path === here ? "page" : undefined}>
              {name} {count ? <span className="count">{count} </span> : null}
              <code>{path}</code>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
