import { getSession } from "@/lib/session";
import { addToCart } from "./actions";

export default async function Page() {
  const { cart = {} } = await getSession();
  return (
    <form action={addToCart}>
      <input name="fruit" defaultValue="apples" />
      <button type="submit">Add</button>
      <output>{JSON.stringify(cart)}</output>
    </form>
  );
}
