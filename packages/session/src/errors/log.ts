/** The operator must see an error of a function in the options. The visitor must not. */
export function logFailure(option: string, error: unknown): void {
  console.error(`[next-signed-session] ${option} failed:`, error);
}
