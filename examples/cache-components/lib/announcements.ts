import { cacheLife } from "next/cache";

/** The same for everybody, so it is in the page's static shell. */
export async function getAnnouncements() {
  "use cache";
  cacheLife("hours");
  return ["This list is built once for all visitors.", "Your name and your notes are not."];
}
