import { getSession } from "../session";

export async function POST() {
  await using session = await getSession();
  session.name = "Ada";
  session.token = "for the server alone";
  return new Response();
}
