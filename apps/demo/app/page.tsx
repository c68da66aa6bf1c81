import Link from "next/link";
import { Source } from "@/components/source";
import { Specimen } from "@/components/specimen";
import { readCookie } from "@/lib/cookie";
import { getSession, hasStore } from "@/lib/session";
import definition from "../lib/session.ts?raw";
import { TryDecode } from "./try-decode";

const SHORTEST_DEFINITION = `import { defineSession } from "next-signed-session";

export const { getSession } = defineSession<{ visits: number; cart: Record<string, string> }>();
`;

export default async function Home() {
  const session = await getSession();
  const cookie = await readCookie();
  const sealed = cookie
    ? cookie.sealed || cookie.isId
    : process.env.SESSION_FORMAT === "sealed" || hasStore;

  return (
    <>
      <h1>
        <span>{sealed ? "Nobody" : "Anyone"} can read it.</span>{" "}
        <span>Only the server can write it.</span>
      </h1>

      <section aria-labelledby="here">
        <h2 id="here">The pages of the tutorial “Sessions in Flask”, in Next.js</h2>
        <dl className="routes">
          <div>
            <dt>
              <Link href="/visits-counter/">/visits-counter/</Link>
            </dt>
            <dd>Each view counts one more. Proxy, server component, server actions.</dd>
          </div>
          <div>
            <dt>
              <Link href="/cart/">/cart/</Link>
            </dt>
            <dd>A cart, changed in place. Server component, server action.</dd>
          </div>
          {hasStore && (
            <div>
              <dt>
                <Link href="/devices/">/devices/</Link>
              </dt>
              <dd>Where you are logged in, and how to log out there. Server component, actions.</dd>
            </div>
          )}
          <div>
            <dt>
              <a href="/session/">/session/</a>
            </dt>
            <dd>The tutorial’s cart in plain text: load it three times. Route handler.</dd>
          </div>
          <div>
            <dt>
              <a href="/delete-visits/">/delete-visits/</a>
            </dt>
            <dd>Deletes the visits; the next one is the first again. Route handler.</dd>
          </div>
        </dl>
      </section>

      {cookie ? (
        <>
          <p className="lead">The session cookie that your browser sent just now.</p>
          <Specimen cookie={cookie} />
        </>
      ) : (
        <p className="lead">
          Your browser sent no session cookie: there is nothing to remember yet.{" "}
          <Link href="/visits-counter/">Count a visit</Link> or{" "}
          <Link href="/cart/">put something into the cart</Link>, and come back.
        </p>
      )}

      <section aria-labelledby="session">
        <h2 id="session">The session on this page</h2>
        <pre>{JSON.stringify(session, null, 2)}</pre>
      </section>

      {cookie && (
        <section aria-labelledby="try">
          <h2 id="try">Change a character</h2>
          <TryDecode value={cookie.value} />
        </section>
      )}

      <section aria-labelledby="definition">
        <h2 id="definition">The least that defines a session</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too */}
        <pre tabIndex={0}>{SHORTEST_DEFINITION}</pre>
        <details>
          <summary>The demo’s own, which has every format and a store</summary>
          <Source file="lib/session.ts" text={definition} />
        </details>
      </section>
    </>
  );
}
