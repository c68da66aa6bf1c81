import { type NextRequest, NextResponse } from "next/server";
import { getSession } from "@/lib/session";

export async function proxy(request: NextRequest) {
  const response = NextResponse.next();
  if (request.method !== "GET") return response;

  await using session = await getSession(request, response);
  session.visits = (session.visits ?? 0) + 1;
  return response;
}

export const config = {
  matcher: [
    {
      // Without its trailing slash: with it, `next dev` answers with an empty page.
      source: "/visits-counter",
      // A visible link to the page is prefetched; that is not a visit yet.
      missing: [{ type: "header", key: "next-router-prefetch" }],
    },
  ],
};
