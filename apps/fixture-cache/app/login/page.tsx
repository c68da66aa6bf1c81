import Link from "next/link";
import { login } from "../actions";

export default function Login() {
  return (
    <>
      <h1>Log in</h1>
      <form id="login" action={login}>
        <input name="email" aria-label="Email" />
        <input name="password" type="password" aria-label="Password" />
        <button type="submit">Log in</button>
      </form>
      <Link href="/">Home</Link> <Link href="/dashboard">Dashboard</Link>
    </>
  );
}
