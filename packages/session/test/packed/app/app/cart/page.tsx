import { Suspense } from "react";
import { getSession } from "@/lib/session";
import { addToCart } from "./actions";

export default function Page() {
  return (
    <form action={addToCart}>
      <input name="fruit" defaultValue="apples" />
      <button type="submit">Add</button>
      <Suspense>
        <Cart />
      </Suspense>
    </form>
  );
}

async function Cart() {
  const { cart = {} } = await getSession();
  return <output>{JSON.stringify(cart)}</output>;
}
