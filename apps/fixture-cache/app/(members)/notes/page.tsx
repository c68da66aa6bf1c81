import Link from "next/link";
import { Suspense } from "react";
import { getNotes } from "@/lib/data";
import { addNote } from "../../actions";

export default function Page() {
  return (
    <main>
      <h1>Notes</h1>
      <Suspense fallback={<p>Loading your notes…</p>}>
        <Notes />
      </Suspense>
      <form action={addNote}>
        <input name="note" aria-label="Note" />
        <button type="submit">Add</button>
      </form>
    </main>
  );
}

async function Notes() {
  const notes = await getNotes();
  return (
    <ul>
      {notes.map((note) => (
        <li key={note.id}>
          <Link href={`/notes/${note.id}`} prefetch={true}>
            {note.text}
          </Link>
        </li>
      ))}
    </ul>
  );
}
