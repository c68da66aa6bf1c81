import { type NextRequest, NextResponse } from "next/server";
import { getSession } from "@/lib/session";

/** The proxy's name before Next 16, where it runs on the edge runtime. */
export async function middleware(request: NextRequest) {
  if (request.nextUrl.searchParams.has("no-arguments")) {
    return Response.json(await getSession().catch(({ code }) => code));
  }
  const elsewhere = request.nextUrl.searchParams.get("rewrite");
  if (elsewhere) return rewrite(request, elsewhere);
  const response = NextResponse.next();
  await using session = await getSession(request, response);
  if (request.nextUrl.searchParams.has("middleware")) session.visits = (session.visits ?? 0) + 1;
  return response;
}

async function rewrite(request: NextRequest, elsewhere: string) {
  const response = NextResponse.rewrite(elsewhere);
  const session = await getSession(request, response);
  if (request.nextUrl.searchParams.has("middleware")) session.visits = 2;
  return session.save().then(
    () => response,
    ({ code }) => Response.json(code),
  );
}
