import { type NextRequest, NextResponse } from "next/server";
import { getSession } from "@/lib/session";

/** Sends a guest to the login, and keeps a user who comes back logged in. */
export async function proxy(request: NextRequest) {
  const response = NextResponse.next();
  await using session = await getSession(request, response); // its end sends a cookie that is due
  if (session.userId || request.method !== "GET") return response; // an action checks for itself
  const login = new URL("/login", request.url);
  login.searchParams.set("next", request.nextUrl.pathname);
  return NextResponse.redirect(login);
}

export const config = { matcher: ["/", "/devices"] };
