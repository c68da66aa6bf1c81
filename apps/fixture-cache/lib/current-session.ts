import { getPublicSession } from "@/lib/session";

export async function currentSession() {
  "use cache: private";
  return getPublicSession();
}
