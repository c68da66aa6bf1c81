// Gives this copy of the app a secret of its own. Deployed, it gets SESSION_SECRET from its environment.
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";

if (!process.env.SESSION_SECRET && !existsSync(".env.local")) {
  const secret = randomBytes(32).toString("base64url");
  writeFileSync(".env.local", `SESSION_SECRET=${secret}\n`, { mode: 0o600 });
}
