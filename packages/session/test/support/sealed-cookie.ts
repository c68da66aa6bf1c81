import { sealedCodec } from "../../src/formats/sealed.ts";
import golden from "../golden/sealed/golden.json" with { type: "json" };
import { SECRET } from "./fixed.ts";

export const codec = sealedCodec("session", [SECRET]);

/** The keys of that codec, as Node's own HKDF derives them. */
export const keys = {
  id: golden.keys.id,
  encryption: new Uint8Array(Buffer.from(golden.keys.encryption, "hex")),
  integrity: new Uint8Array(Buffer.from(golden.keys.integrity, "hex")),
};

/** What iron-webcrypto sealed under them. */
export const counter = golden.payloads["the visit counter"].value;
