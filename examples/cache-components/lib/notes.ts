import { cacheLife, cacheTag, updateTag } from "next/cache";
import { getCurrentUser } from "./auth";
import { insertNote, readNotes } from "./database";

export async function getNotes() {
  const { id } = await getCurrentUser();
  return getNotesOf(id);
}

export async function addNote(text: string) {
  const { id } = await getCurrentUser();
  await insertNote(id, text);
  updateTag(tagOf(id));
}

/** Cached on the server, for each user. Not exported: a caller could ask for somebody else's notes. */
async function getNotesOf(userId: string) {
  "use cache";
  cacheTag(tagOf(userId));
  cacheLife("minutes");
  return readNotes(userId);
}

const tagOf = (userId: string) => `notes:${userId}`;
