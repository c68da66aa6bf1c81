import { getSession } from "@/lib/session";

export async function GET() {
  await using session = await getSession();
  const asItCameIn = JSON.stringify(session);

  if (session.cart) {
    session.cart.pineapples = "100";
  } else {
    session.cart = { pineapples: "10", apples: "20", mangoes: "30" };
  }

  return new Response(asItCameIn);
}
