import type { NextRequest } from "next/server";
import { getSession } from "@/lib/session";

export async function GET(request: NextRequest) {
  await using session = await getSession();
  if (request.nextUrl.searchParams.has("handler")) session.name = "set by the handler";
  return Response.json(session);
}
