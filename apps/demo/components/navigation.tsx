"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

const pages = [
  { path: "/", name: "Your cookie" },
  { path: "/visits-counter/", name: "Visits" },
  { path: "/cart/", name: "Cart" },
];
const devices = { path: "/devices/", name: "Devices" };

export function Navigation({ hasStore }: { hasStore: boolean }) {
  const here = usePathname();

  return (
    <nav aria-label="Pages">
      <ul>
        {(hasStore ? [...pages, devices] : pages).map(({ path, name }) => (
          <li key={path}>
            <Link href={path} aria-current={path === here ? "page" : undefined}>
              {name} <code>{path}</code>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
