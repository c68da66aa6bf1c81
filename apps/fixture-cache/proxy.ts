import { type NextRequest, NextResponse } from "next/server";
import { getSession } from "@/lib/session";

/** Writes where a test asks for it. */
export async function proxy(request: NextRequest) {
  const response = NextResponse.next();
  const { searchParams } = request.nextUrl;
  if (searchParams.has("visit")) {
    await using session = await getSession(request, response);
    session.visits = (session.visits ?? 0) + 1;
  }
  return response;
}

export const config = { matcher: "/checks/both" };
