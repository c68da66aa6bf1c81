import type { Metadata } from "next";
import { CookieNow } from "@/components/cookie-now";
import { Source } from "@/components/source";
import { getSession } from "@/lib/session";
import actions from "./actions.ts?raw";
import { CartForms } from "./cart-forms";

export const metadata: Metadata = { title: "Cart" };

export default async function CartPage() {
  const { cart = {} } = await getSession();

  return (
    <>
      <h1>Cart</h1>
      <p className="lead">
        An object inside the session. One server action changes it in place, and the change is seen
        and saved.
      </p>
      <CartForms items={Object.entries(cart)} />
      <CookieNow />
      <Source file="app/cart/actions.ts" text={actions} />
    </>
  );
}
