/**
 * A value as an error message shows it: short, and without secrets. A secret may have been given to
 * the wrong option, so any text long enough to be one is cut after its first characters.
 */
export function describeValue(value: unknown): string {
  if (typeof value === "string") {
    const start = withoutSecret(value);
    return start === value ? JSON.stringify(value) : `"${start}" (${value.length} characters)`;
  }
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) {
    try {
      const text = JSON.stringify(value, (key, part) =>
        key === "secret" ? "…" : typeof part === "string" ? withoutSecret(part) : part,
      );
      return text.length > 80 ? `${text.slice(0, 77)}…` : text;
    } catch {
      return `a ${value.constructor?.name ?? "object"}`;
    }
  }
  return String(value);
}

const SHORTEST_SECRET = 32;

function withoutSecret(text: string): string {
  return text.length < SHORTEST_SECRET ? text : `${text.slice(0, 4)}…`;
}
