import type { readCookie } from "@/lib/cookie";
import { longDate } from "@/lib/long-date";
import { idleTimeout } from "@/lib/session";

type Cookie = NonNullable<Awaited<ReturnType<typeof readCookie>>>;

/** The cookie taken apart, as far as it lets one. */
export function Specimen({ cookie }: { cookie: Cookie }) {
  const { decoded } = cookie;
  const refusal = decoded.ok ? undefined : `Refused: ${decoded.reason}. A new session starts.`;

  if (cookie.sealed) {
    return (
      <dl className="specimen">
        <div className="payload">
          <dt>Seal</dt>
          <dd>
            <p className="cookie">{cookie.value}</p>
            <p>{refusal ?? "AES-256-CBC, and the HMAC-SHA256 at its end matches"}</p>
          </dd>
          <dd>
            The data and the time, encrypted. Opening one takes the secret, and so does making one.
          </dd>
        </div>
      </dl>
    );
  }

  return (
    <dl className="specimen">
      <div className="payload">
        <dt>{cookie.isId ? "Id" : "Payload"}</dt>
        <dd>
          <p className="cookie">{cookie.payload}</p>
          <p>{cookie.text}</p>
        </dd>
        <dd>
          {cookie.isId
            ? "256 random bits. The session is in the store, under the hash of them."
            : "JSON in base64url. Nothing can hide in here."}
        </dd>
      </div>
      <div className="timestamp">
        <dt>Timestamp</dt>
        <dd>
          <p className="cookie">{cookie.timestamp}</p>
          <p>{decoded.ok && longDate(decoded.issuedAt)}</p>
        </dd>
        <dd>When it was signed. The server refuses it {idleTimeout.days} days later.</dd>
      </div>
      <div className="signature">
        <dt>Signature</dt>
        <dd>
          <p className="cookie">{cookie.signature}</p>
          <p>{refusal ?? `${cookie.algorithm}, and it matches`}</p>
        </dd>
        <dd>Over all that stands before it. Making one takes the secret.</dd>
      </div>
    </dl>
  );
}
