import { type NextRequest, NextResponse } from "next/server";
import { getSession } from "@/lib/session";

export async function proxy(request: NextRequest) {
  const response = NextResponse.next();
  await using session = await getSession(request, response);
  const { pathname, searchParams } = request.nextUrl;
  if (pathname.startsWith("/checks/")) {
    if (searchParams.has("visit")) session.visits = (session.visits ?? 0) + 1;
  } else if (!session.userId) {
    return NextResponse.redirect(new URL("/login", request.url));
  }
  return response;
}

export const config = { matcher: ["/checks/both", "/dashboard", "/notes/:path*"] };
