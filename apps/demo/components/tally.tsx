const strokes = ["M4 3 3 33", "M12 2 11 34", "M19 4 19 33", "M27 2 26 34", "M0 26 31 9"];
const gatesShown = 20;

/** Counts in fives, as on a wall. Decoration: the number stands in the text beside it. */
export function Tally({ count }: { count: number }) {
  const gates = Math.min(Math.ceil(count / 5), gatesShown);

  return (
    <div className="tally">
      {Array.from({ length: gates }, (_, gate) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a gate is its place in the row
        <svg key={gate} viewBox="-2 0 35 36" aria-hidden="true">
          <path d={strokes.slice(0, count - gate * 5).join("")} />
        </svg>
      ))}
    </div>
  );
}
