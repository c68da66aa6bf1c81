import { getSession } from "@/lib/session";

export async function GET() {
  await using session = await getSession();
  session.visits = (session.visits ?? 0) + 100;
  return Response.json(session);
}
