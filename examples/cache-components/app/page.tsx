import Link from "next/link";
import { Suspense } from "react";
import { getAnnouncements } from "@/lib/announcements";
import { getCurrentSession } from "@/lib/auth";
import { getNotes } from "@/lib/notes";
import { SessionProvider } from "@/lib/session-context";
import { logout, saveNote } from "./actions";
import { UserBadge } from "./user-badge";

export default function Page() {
  return (
    <>
      <h1>Notes</h1>
      <Announcements />
      <Dashboard />
    </>
  );
}

async function Announcements() {
  const announcements = await getAnnouncements();
  return (
    <section>
      <h2>Announcements</h2>
      <ul>
        {announcements.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </section>
  );
}

function Dashboard() {
  // A promise that nobody awaits here: what needs the session waits for it behind a <Suspense>.
  return (
    <SessionProvider session={getCurrentSession()}>
      <div className="row">
        <Suspense fallback={<p>…</p>}>
          <UserBadge />
        </Suspense>
        <form action={logout}>
          <button type="submit">Log out</button>
        </form>
      </div>
      <section>
        <h2>Your notes</h2>
        <Suspense fallback={<p>Loading your notes…</p>}>
          <Notes />
        </Suspense>
        <form action={saveNote} className="row">
          <label>
            New note
            <input name="text" maxLength={200} required />
          </label>
          <button type="submit" className="first">
            Add
          </button>
        </form>
      </section>
    </SessionProvider>
  );
}

async function Notes() {
  const notes = await getNotes();
  if (notes.length === 0) return <p>None yet.</p>;
  return (
    <ul aria-label="Your notes" className="list">
      {notes.map(({ id, text }) => (
        <li key={id}>
          {/* The whole note is fetched before the click, the user's part too. */}
          <Link href={`/notes/${id}`} prefetch={true}>
            {text}
          </Link>
        </li>
      ))}
    </ul>
  );
}
