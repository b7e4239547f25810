/** Entry point of the session host: `node main.js <HostConfig as JSON>`, started detached by the client. */
import { pathToFileURL } from "node:url";
import type { AgentAdapter } from "../../ports/session-host.ts";
import { loadAdapter, rememberAdapters } from "./adapters.ts";
import { type HostConfig, serveHost } from "./serve-host.ts";

interface AdaptersModule {
  readonly loadAdapter: (name: string) => Promise<AgentAdapter>;
}

const config = JSON.parse(process.argv[2] ?? "null") as HostConfig; // written by the client that started us
const complain = (error: unknown): void => console.error(new Date().toISOString(), error);

// One session's mistake must not end the others; what cannot be trusted any more is left to the watchdog.
process.on("unhandledRejection", complain);
process.on("uncaughtException", (error) => {
  complain(error);
  process.exit(70);
});

const load =
  config.adaptersModule === undefined
    ? loadAdapter
    : ((await import(pathToFileURL(config.adaptersModule).href)) as AdaptersModule).loadAdapter;
await serveHost(config, rememberAdapters(load));
process.exit(0);
