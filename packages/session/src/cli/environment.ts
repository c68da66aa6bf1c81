import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Loads `.env.local`, `.env` and their like from the current folder, by Next's own loader if the app
 * has Next. What the environment has already is kept.
 */
export function loadEnvironmentFiles(): void {
  const folder = process.cwd();
  try {
    const load = createRequire(join(folder, "package.json"))("@next/env") as NextEnvironment;
    const isDevelopment = process.env.NODE_ENV !== "production";
    load.loadEnvConfig(folder, isDevelopment, { info() {}, error: console.error });
  } catch {
    // `process.loadEnvFile` is absent before Node 20.12.
    const files = [".env.local", ".env"].map((name) => join(folder, name)).filter(existsSync);
    for (const file of files) process.loadEnvFile?.(file);
  }
}

interface NextEnvironment {
  loadEnvConfig(
    folder: string,
    isDevelopment: boolean,
    log: { info(): void; error(...message: unknown[]): void },
  ): void;
}
