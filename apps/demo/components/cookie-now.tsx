import Link from "next/link";
import { readCookie } from "@/lib/cookie";

export async function CookieNow() {
  const cookie = await readCookie();

  return (
    <section className="cookie-now" aria-labelledby="cookie-now">
      <h2 id="cookie-now">Your cookie now</h2>
      {cookie ? (
        <>
          {cookie.sealed ? (
            <p className="cookie">{cookie.value}</p>
          ) : (
            <p className="cookie">
              <span className="payload">{cookie.payload}</span>.
              <span className="timestamp">{cookie.timestamp}</span>.
              <span className="signature">{cookie.signature}</span>
            </p>
          )}
          <p>
            <Link href="/">What its parts say</Link>
          </p>
        </>
      ) : (
        <p>None: there is nothing to remember.</p>
      )}
    </section>
  );
}
