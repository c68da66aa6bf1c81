import Link from "next/link";

export default function NotFound() {
  return (
    <>
      <h1>There is no such page</h1>
      <p className="lead">
        <Link href="/">Your cookie</Link>, the visits and the cart are all there is.
      </p>
    </>
  );
}
