import { Suspense } from "react";
import { getNotes } from "@/lib/data";

type Params = PageProps<"/notes/[id]">["params"];

export default function Page({ params }: PageProps<"/notes/[id]">) {
  return (
    <Suspense fallback={<p>Loading the note…</p>}>
      <Note params={params} />
    </Suspense>
  );
}

async function Note({ params }: { params: Params }) {
  const { id } = await params;
  const note = (await getNotes()).find((each) => each.id === id);
  return <h1>Note: {note?.text ?? "none"}</h1>;
}
