"use client";

import { useActionState } from "react";
import { tryDecode } from "./actions";

export function TryDecode({ value }: { value: string }) {
  const [tried, action] = useActionState(tryDecode, { cookie: value, answer: "" });

  return (
    <form action={action} className="try">
      <label>
        Whatever you change, the signature no longer fits.
        <textarea
          className="cookie"
          name="cookie"
          defaultValue={tried.cookie}
          rows={3}
          spellCheck={false}
        />
      </label>
      <button type="submit">Decode it</button>
      <pre role="status">{tried.answer}</pre>
    </form>
  );
}
