export function Source({ file, text }: { file: string; text: string }) {
  return (
    <section className="source" aria-label={`Source of ${file}`}>
      <h2>{file}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too */}
      <pre tabIndex={0}>{text}</pre>
    </section>
  );
}
