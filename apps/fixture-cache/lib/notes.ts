import { cacheLife, cacheTag } from "next/cache";
import { getCurrentUser } from "@/lib/auth";
import { notesOf } from "@/lib/database";

export async function getNotes() {
  const user = await getCurrentUser();
  return getNotesOf(user.id);
}

// Not exported: a caller could ask for the notes of somebody else.
async function getNotesOf(userId: string) {
  "use cache";
  cacheTag(`notes:${userId}`);
  cacheLife("minutes");
  return notesOf(userId).list();
}
