import Link from "next/link";
import { Suspense } from "react";
import { getNotes } from "@/lib/notes";
import { addNote } from "../../actions";

export default function NotesPage() {
  return (
    <>
      <h1>Notes</h1>
      <form action={addNote}>
        <input name="text" aria-label="Text" />
        <button type="submit">Add</button>
      </form>
      <Suspense fallback={<p>Loading your notes…</p>}>
        <Notes />
      </Suspense>
    </>
  );
}

async function Notes() {
  const notes = await getNotes();
  return notes.map(({ id, text }) => (
    <p key={id}>
      <Link href={`/notes/${id}`} prefetch={true}>
        {text}
      </Link>
    </p>
  ));
}
