import { getSession } from "@/lib/session";

export async function Flashes() {
  const { flashes } = await getSession();
  return flashes.map(({ message }) => <p key={message}>{message}</p>);
}
