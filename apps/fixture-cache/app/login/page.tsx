import Link from "next/link";
import { login } from "../actions";

export default function Page() {
  return (
    <form action={login}>
      <h1>Log in</h1>
      <input name="user" aria-label="User" />
      <button type="submit">Log in</button>
      <Link href="/dashboard">Dashboard</Link>
    </form>
  );
}
