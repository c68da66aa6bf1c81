import { notFound } from "next/navigation";
import { Suspense } from "react";
import { getNotes } from "@/lib/notes";

interface Props {
  params: Promise<{ id: string }>;
}

export default function NotePage({ params }: Props) {
  return (
    <Suspense fallback={<p>Loading your note…</p>}>
      <Note params={params} />
    </Suspense>
  );
}

async function Note({ params }: Props) {
  const { id } = await params;
  const note = (await getNotes()).find((each) => each.id === id);
  if (!note) notFound();
  return <h1>{note.text}</h1>;
}
