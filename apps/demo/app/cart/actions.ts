"use server";

import { fruits, mostOfOne } from "@/lib/fruits";
import { getSession } from "@/lib/session";

export async function changeCart(_status: string, form: FormData) {
  await using session = await getSession();
  const intent = form.get("intent");
  const fruit = String(form.get("fruit"));

  if (intent === "empty") {
    delete session.cart;
    return "The cart was emptied.";
  }
  if (!fruits.includes(fruit)) return `“${fruit}” is not sold here.`;

  if (intent === "remove") {
    delete session.cart?.[fruit];
    return `Removed the ${fruit}.`;
  }

  const given = Number(form.get("quantity"));
  const before = intent === "add" ? Number(session.cart?.[fruit] ?? 0) : 0;
  const quantity = before + given;
  if (!Number.isInteger(given) || given < 1 || quantity > mostOfOne) {
    return `Nothing changed: 1 to ${mostOfOne} of a fruit, in whole numbers.`;
  }

  session.cart ??= {};
  session.cart[fruit] = String(quantity);
  return `Quantity of ${fruit}: ${quantity}.`;
}
