import { refusal } from "./checks.ts";

export function checkedOrigins(given: unknown): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const allowed = 'origins in a list, such as "https://login.example.com", without a path';
  if (!Array.isArray(given)) throw refusal("trustedOrigins", given, allowed);
  for (const [index, origin] of given.entries()) {
    if (!isOrigin(origin)) throw refusal(`trustedOrigins[${index}]`, origin, allowed);
  }
  return given;
}

/** As browsers write it in the header Origin. */
function isOrigin(given: unknown): boolean {
  return (
    typeof given === "string" &&
    URL.canParse(given) &&
    new URL(given).origin === given &&
    given !== "null"
  );
}
