import { cookies } from "next/headers";

export async function GET() {
  const jar = await cookies();
  const visits = Number(jar.get("visits")?.value ?? 0) + 1;
  jar.set("visits", String(visits), { httpOnly: true, sameSite: "lax", path: "/" });
  return new Response(String(visits));
}
