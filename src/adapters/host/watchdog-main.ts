/** Entry point of the watchdog: `node watchdog.js <host identity as JSON> [session folder…]`, fed by the host on standard input. */
import type { ProcessIdentity } from "../process/identity.ts";
import { runWatchdog } from "./watchdog.ts";

const host = JSON.parse(process.argv[2] ?? "null") as ProcessIdentity; // written by the host that started us
await runWatchdog(process.stdin, host, process.argv.slice(3));
