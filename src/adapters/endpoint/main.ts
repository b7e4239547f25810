/**
 * The scripted model service as a program: `main.js [--port N] [--scenario FILE]`. Prints one JSON line `{url, port, pid}`
 * and serves until it is ended. Without `--scenario` it plays the one that `SIGNALBOX_SCENARIO` names.
 */
import { parseArgs } from "node:util";
import { loadScenario } from "../scenario/scenario.ts";
import { startEndpoint } from "./server.ts";

const { values } = parseArgs({ options: { port: { type: "string" }, scenario: { type: "string" } } });
const scenario = loadScenario(
  values.scenario === undefined ? process.env : { SIGNALBOX_SCENARIO: values.scenario },
);
const endpoint = await startEndpoint({ scenario, port: Number(values.port ?? 0) });
process.stdout.write(`${JSON.stringify({ url: endpoint.url, port: endpoint.port, pid: process.pid })}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void endpoint.close().then(() => process.exit(0)));
}
