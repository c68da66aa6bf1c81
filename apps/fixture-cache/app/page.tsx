import Link from "next/link";

export default function Home() {
  return (
    <>
      <h1>Home</h1>
      <Link href="/dashboard">Dashboard</Link> <Link href="/notes">Notes</Link>{" "}
      <Link href="/checks/direct">Direct</Link>
    </>
  );
}
