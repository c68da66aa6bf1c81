"use client";
import { useActionState } from "react";
import { login } from "./actions";

export function LoginForm() {
  const [failed, action, isPending] = useActionState(login, undefined);
  return (
    <form action={action} className="stack">
      <label>
        Email
        <input
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={failed?.email}
          required
        />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <p role="alert">{failed?.message}</p>
      <button type="submit" className="first" disabled={isPending}>
        Log in
      </button>
    </form>
  );
}
