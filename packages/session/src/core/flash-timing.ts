import { isActionByScript, isActionRedirect, type ReadHeader } from "../jars/request-headers.ts";
import type { FlashTiming } from "../session/flash.ts";

/** Headers are read when a message is flashed, and not by the requests that flash none. */
export function flashTimingOf(header: ReadHeader): FlashTiming {
  return {
    get rendersPage() {
      return isActionByScript(header);
    },
    get isWithinAction() {
      return isActionRedirect(header);
    },
  };
}
