interface Note {
  id: string;
  text: string;
}

/** Stands in for your database, in the memory of the server. Next.js loads this module several times. */
const memory = globalThis as { notes?: Map<string, Note[]> };
memory.notes ??= new Map([["1", [{ id: "1", text: "Finish the notes on the engine" }]]]);
const notes = memory.notes;

export async function readNotes(userId: string) {
  return notes.get(userId) ?? [];
}

export async function insertNote(userId: string, text: string) {
  notes.set(userId, [...(notes.get(userId) ?? []), { id: crypto.randomUUID(), text }]);
}
