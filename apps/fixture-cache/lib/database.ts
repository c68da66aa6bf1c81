interface Note {
  id: string;
  text: string;
}

/** Next loads this module once for each of its bundles. */
const shared = globalThis as { fixtureNotes?: Map<string, Note[]> };
shared.fixtureNotes ??= new Map();
const notes = shared.fixtureNotes;

export function notesOf(userId: string) {
  const list = notes.get(userId) ?? [];
  return {
    async list(): Promise<Note[]> {
      return [...list];
    },
    async add(text: string): Promise<void> {
      notes.set(userId, [...list, { id: String(list.length + 1), text }]);
    },
  };
}
