import Link from "next/link";

export default function Page() {
  return (
    <nav>
      <h1>Welcome</h1>
      <Link href="/dashboard">Dashboard</Link>
      <Link href="/notes">Notes</Link>
      <Link href="/direct">Direct</Link>
    </nav>
  );
}
