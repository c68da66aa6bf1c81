"use client";

import { useActionState, useEffect, useRef } from "react";
import { fruits } from "@/lib/fruits";
import { changeCart } from "./actions";

export function CartForms({ items }: { items: [fruit: string, quantity: string][] }) {
  const [status, change, pending] = useActionState(changeCart, "");
  const statusLine = useRef<HTMLParagraphElement>(null);

  useEffect(() => {
    // The button that was pressed may have gone with its row: the keyboard needs a place to go on.
    if (status && document.activeElement === document.body) statusLine.current?.focus();
  }, [status]);

  return (
    <div className="cart" aria-busy={pending}>
      {items.length > 0 ? (
        <ul aria-label="In the cart">
          {items.map(([fruit, quantity]) => (
            <li key={fruit}>
              <form action={change}>
                <input type="hidden" name="fruit" value={fruit} />
                <label htmlFor={fruit}>{fruit}</label>
                <Quantity id={fruit} saved={quantity} />
                <button type="submit" name="intent" value="change" aria-label={`Change ${fruit}`}>
                  Change
                </button>
                <button
                  type="submit"
                  name="intent"
                  value="remove"
                  aria-label={`Remove ${fruit}`}
                  className="quiet"
                  formNoValidate
                >
                  Remove
                </button>
              </form>
            </li>
          ))}
        </ul>
      ) : (
        <p>Nothing in it yet.</p>
      )}

      <div className="below">
        <p role="status" ref={statusLine} tabIndex={-1}>
          {status}
        </p>
        {items.length > 0 && (
          <form action={change}>
            <button type="submit" name="intent" value="empty" className="quiet">
              Empty the cart
            </button>
          </form>
        )}
      </div>

      <form action={change} className="add">
        <label>
          Fruit
          <select name="fruit">
            {fruits.map((fruit) => (
              <option key={fruit}>{fruit}</option>
            ))}
          </select>
        </label>
        <label htmlFor="quantity">
          Quantity
          <Quantity id="quantity" saved="1" />
        </label>
        <button type="submit" name="intent" value="add" className="first">
          Add to the cart
        </button>
      </form>
    </div>
  );
}

function Quantity({ id, saved }: { id: string; saved: string }) {
  const field = useRef<HTMLInputElement>(null);
  const shown = useRef(saved);

  useEffect(() => {
    // React leaves a field as it is when only its default changes. At the first run there is nothing
    // to catch up with, and perhaps something that was typed while the scripts were loading.
    if (field.current && shown.current !== saved) field.current.value = saved;
    shown.current = saved;
  }, [saved]);

  return (
    <input
      id={id}
      ref={field}
      name="quantity"
      defaultValue={saved}
      inputMode="numeric"
      pattern="[1-9][0-9]{0,2}"
      title="A whole number from 1 to 999"
      autoComplete="off"
      required
    />
  );
}
