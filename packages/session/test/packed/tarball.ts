import { rmSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { packInto, temporaryFolder } from "./packed-app.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The path of what npm would publish. */
    tarball: string;
  }
}

/** Packed once for all test files, because packing builds `dist` again. */
export default async function setup({ provide }: TestProject) {
  const folder = temporaryFolder();
  provide("tarball", await packInto(folder));
  return () => rmSync(folder, { recursive: true });
}
