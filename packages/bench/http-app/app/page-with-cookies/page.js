import { cookies } from "next/headers";

export default async function Page() {
  const { visits } = JSON.parse((await cookies()).get("data")?.value ?? "{}");
  return <p>{`Visits: ${visits}`}</p>;
}
