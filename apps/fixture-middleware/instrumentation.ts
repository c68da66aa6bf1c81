/** Keeps what the server complains of while it renders, for a test to ask. */
const shared = globalThis as { fixtureComplaints?: string[] };

export function register(): void {
  const complaints: string[] = [];
  shared.fixtureComplaints = complaints;
  const { error } = console;
  console.error = (...what) => {
    complaints.push(what.map(String).join(" "));
    error(...what);
  };
}
