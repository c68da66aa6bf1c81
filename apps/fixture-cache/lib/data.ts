import { cacheLife, cacheTag } from "next/cache";
import { getCurrentUser, type User } from "./auth";

const users: readonly User[] = [
  { id: "ada", name: "Ada Lovelace" },
  { id: "grace", name: "Grace Hopper" },
];

export interface Note {
  id: string;
  text: string;
}

/** Next loads this module once for each of its bundles. */
const database = globalThis as { fixtureNotes?: Map<string, Note[]> };

export async function findUserById(id: string): Promise<User | undefined> {
  return users.find((user) => user.id === id);
}

export async function saveNote(userId: string, text: string): Promise<void> {
  database.fixtureNotes ??= new Map();
  const notes = database.fixtureNotes.get(userId) ?? [];
  database.fixtureNotes.set(userId, [...notes, { id: String(notes.length + 1), text }]);
}

export async function getNotes(): Promise<readonly Note[]> {
  const user = await getCurrentUser();
  return getNotesByUserId(user.id);
}

async function getNotesByUserId(userId: string): Promise<readonly Note[]> {
  "use cache";
  cacheTag(`notes:${userId}`);
  cacheLife("minutes");
  return database.fixtureNotes?.get(userId) ?? [];
}
