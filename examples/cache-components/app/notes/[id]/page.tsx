import Link from "next/link";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { getNotes } from "@/lib/notes";

interface Props {
  params: Promise<{ id: string }>;
}

export default function NotePage(props: Props) {
  return (
    <>
      <Link href="/">All notes</Link>
      <Suspense fallback={<p>Loading the note…</p>}>
        <Note {...props} />
      </Suspense>
    </>
  );
}

async function Note({ params }: Props) {
  const { id } = await params;
  const notes = await getNotes(); // of this user, so nobody reads another user's note by its id
  const note = notes.find((each) => each.id === id);
  if (!note) notFound();
  return <h1>{note.text}</h1>;
}
