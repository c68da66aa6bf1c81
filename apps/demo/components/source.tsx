const usesTheSession = /\bsession[ .?]/;

/** A file of the demo, its lines that use the session in the payload's ink. */
export function Source({ file, text }: { file: string; text: string }) {
  return (
    <section aria-label={`Source of ${file}`}>
      <h2>{file}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too */}
      <pre tabIndex={0}>
        {text.split(/(?<=\n)/).map((line, number) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the text never changes
          usesTheSession.test(line) ? <mark key={number}>{line}</mark> : line,
        )}
      </pre>
    </section>
  );
}
