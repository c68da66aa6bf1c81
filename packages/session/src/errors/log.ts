/** An error of a function in the options concerns the operator, and not the visitor. */
export function logFailure(option: string, error: unknown): void {
  console.error(`[next-signed-session] ${option} failed:`, error);
}
