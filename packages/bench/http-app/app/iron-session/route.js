import { getIronSession } from "iron-session";
import { cookies } from "next/headers";

const options = { cookieName: "iron", password: process.env.SESSION_SECRET };

export async function GET() {
  const session = await getIronSession(await cookies(), options);
  session.visits = (session.visits ?? 0) + 1;
  await session.save();
  return new Response(String(session.visits));
}
