"use client";
import { useActionState } from "react";
import { login } from "./actions";

export function LoginForm({ next }: { next: string }) {
  const [failed, action, isPending] = useActionState(login, undefined);
  return (
    <form action={action} className="stack">
      <input type="hidden" name="next" value={next} />
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
      <label className="check">
        <input name="remember" type="checkbox" defaultChecked={failed?.remember} />
        Remember me on this device
      </label>
      <p role="alert">{failed?.message}</p>
      <button type="submit" className="first" disabled={isPending}>
        Log in
      </button>
    </form>
  );
}
