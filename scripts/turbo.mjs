// `turbo run` with telemetry off, which turbo.json has no setting for.
import { command, runTool } from "./toolchain.mjs";

await command(() => runTool("turbo", ["run", ...process.argv.slice(2)]));
