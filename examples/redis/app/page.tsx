import { Suspense } from "react";
import { fruits } from "@/lib/fruits";
import { getSession } from "@/lib/session";
import { add, empty } from "./actions";

export default function Page() {
  return (
    <>
      <h1>One cart, two servers</h1>
      <Suspense fallback={<p>Loading…</p>}>
        <Cart />
      </Suspense>
    </>
  );
}

async function Cart() {
  const { cart = {} } = await getSession();
  return (
    <>
      <p>
        Server <strong>{process.env.SERVER}</strong> made this page. Reload it until the other one
        does: the cart is the same.
      </p>
      <ul aria-label="Fruits" className="list">
        {fruits.map((fruit) => (
          <li key={fruit}>
            <h2>
              {fruit}: {cart[fruit] ?? 0}
            </h2>
            <form action={add}>
              <input type="hidden" name="fruit" value={fruit} />
              <button type="submit" aria-label={`Add ${fruit.toLowerCase()}`}>
                Add
              </button>
            </form>
          </li>
        ))}
      </ul>
      <form action={empty}>
        <button type="submit">Empty the cart</button>
      </form>
    </>
  );
}
