import { getSession } from "./session.js";

export async function GET() {
  await using session = await getSession();
  session.visits = (session.visits ?? 0) + 1;
  return new Response(String(session.visits));
}
