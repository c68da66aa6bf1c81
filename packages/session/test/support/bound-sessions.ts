import type { Payload } from "../../src/formats/codec.ts";
import { dumpPayload, loadPayload } from "../../src/formats/payload.ts";
import type { SessionBinding, Snapshot } from "../../src/session/binding.ts";
import { SessionObject } from "../../src/session/session-object.ts";
import { AGE } from "./fixed.ts";
import type { LooseSession } from "./visitor.ts";

export const emptyPayload: Payload = { data: {}, permanent: false, createdAt: undefined };

/** Session objects whose binding keeps what they save, and sends no cookie. */
export class BoundSessions {
  readonly saved: Snapshot[] = [];
  /** Does the browser hold a cookie? */
  canRenew = false;
  save: SessionBinding["save"] = async (snapshot) => {
    this.saved.push(snapshot);
  };

  get savedTexts(): [text: string, modified: boolean][] {
    return this.saved.map(({ text, modified }) => [text, modified]);
  }

  /** @param text The payload of the request's cookie, if it has one. */
  open(text?: string, begin: () => Payload = () => emptyPayload): LooseSession {
    const binding: SessionBinding = {
      begin,
      serialize: dumpPayload,
      parse: loadPayload,
      canRenew: () => this.canRenew,
      age: AGE,
      save: (snapshot) => this.save(snapshot),
    };
    const payload = text === undefined ? begin() : loadPayload(text);
    const savedText = text ?? dumpPayload(payload);
    return new SessionObject(binding, payload, text === undefined, savedText) as LooseSession;
  }
}
