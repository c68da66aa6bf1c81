import { cookies } from "next/headers";

export async function GET() {
  const jar = await cookies();
  const data = JSON.parse(jar.get("data")?.value ?? "{}");
  data.visits = (data.visits ?? 0) + 1;
  jar.set("data", JSON.stringify(data), { httpOnly: true, sameSite: "lax", path: "/" });
  return new Response(String(data.visits));
}
