import { decode } from "@/lib/session";

const { error } = console;

/** As docs/guides/several-machines.md has it. */
async function checkSession(): Promise<void> {
  try {
    await decode("");
  } catch (thrown) {
    error(String(thrown));
    process.exit(1);
  }
}

/** Keeps what the server complains of while it renders, for a test to ask. */
const shared = globalThis as { fixtureComplaints?: string[] };

export async function register(): Promise<void> {
  const complaints: string[] = [];
  shared.fixtureComplaints = complaints;
  console.error = (...what) => {
    complaints.push(what.map(String).join(" "));
    error(...what);
  };
  if (process.env.NEXT_RUNTIME === "nodejs") await checkSession();
}
