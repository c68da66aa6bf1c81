/** The cookie as a mark: payload, timestamp and signature, with the dots between them. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 46 12" aria-hidden="true">
      <rect className="payload" width="18" height="12" />
      <circle cx="21" cy="11" r="1" />
      <rect className="timestamp" x="24" width="6" height="12" />
      <circle cx="33" cy="11" r="1" />
      <rect className="signature" x="36" width="10" height="12" />
    </svg>
  );
}
