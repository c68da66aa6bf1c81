import { rm } from "node:fs/promises";
import { packInto, temporaryFolder } from "../../../packages/session/test/packed/packed-app.ts";

/** What npm would publish, in a file that EXAMPLES_TARBALL names. */
export default async function pack() {
  const folder = temporaryFolder();
  process.env.EXAMPLES_TARBALL = await packInto(folder);
  return () => rm(folder, { recursive: true });
}
