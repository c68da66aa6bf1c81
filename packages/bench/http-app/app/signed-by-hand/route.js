import { cookies } from "next/headers";
import { floor } from "../../../src/floor.js";

const { read, write } = floor(process.env.SESSION_SECRET ?? "");

export async function GET() {
  const jar = await cookies();
  const data = read(jar.get("floor").value);
  data.visits = (data.visits ?? 0) + 1;
  jar.set("floor", write(data), { httpOnly: true, sameSite: "lax", path: "/" });
  return new Response(String(data.visits));
}
