"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

const pages = [
  { path: "/", name: "Your cookie" },
  { path: "/visits-counter/", name: "Visits" },
  { path: "/cart/", name: "Cart" },
];

export function Navigation() {
  const here = usePathname();

  return (
    <nav aria-label="Pages">
      <ul>
        {pages.map(({ path, name }) => (
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
