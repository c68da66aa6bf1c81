import { getSession } from "@/lib/session";

export async function GET() {
  await using session = await getSession();
  delete session.visits;
  return new Response("Visits deleted");
}
