import { type NextRequest, NextResponse } from "next/server";
import { getSession } from "@/lib/session";

export async function proxy(request: NextRequest) {
  const response = NextResponse.next();
  if (request.method !== "GET" || isRefresh(request)) return response;

  await using session = await getSession(request, response);
  session.visits = (session.visits ?? 0) + 1;
  return response;
}

/** Another tab has changed the session, and the page asks for it. Nobody has come to the page. */
function isRefresh({ headers, nextUrl }: NextRequest) {
  const referer = headers.get("referer");
  const isByScript = headers.get("sec-fetch-dest") === "empty";
  return isByScript && referer !== null && new URL(referer).pathname === nextUrl.pathname;
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
