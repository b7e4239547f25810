import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { createSessionHost } from "../../src/adapters/host/client.ts";
import { createInProcessHost } from "../../src/adapters/host/in-process.ts";
import type { SessionHost } from "../../src/ports/session-host.ts";
import { type BuiltHost, buildHost } from "../support/build-host.ts";
import { endHost } from "../support/end-host.ts";
import { bundleScript } from "../support/script.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { loadAdapter } from "../support/test-agent.ts";
import { liveContract } from "./live-contract.ts";
import { memoryHost } from "./memory-host.ts";
import { processHostContract } from "./process-host-contract.ts";
import { sessionHostContract } from "./session-host-contract.ts";

let folder: string;
let built: BuiltHost;
let adaptersModule: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-build-"));
  built = await buildHost(folder);
  adaptersModule = await bundleScript(
    folder,
    "agents",
    `export { loadAdapter } from "./test/support/test-agent.ts";`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function detached(): Promise<SessionHost> {
  const commonDir = await tempFolder();
  onTestFinished(() => endHost(commonDir));
  return createSessionHost({ commonDir, ...built, adaptersModule, graceMs: 300, idleExitMs: 2_000 });
}

async function inProcess(): Promise<SessionHost> {
  return createInProcessHost({ commonDir: await tempFolder(), loadAdapter, graceMs: 300 });
}

sessionHostContract("detached", detached);
sessionHostContract("in the same process", inProcess);
sessionHostContract("in memory", memoryHost);
processHostContract("detached", detached);
processHostContract("in the same process", inProcess);
liveContract("detached", detached);
liveContract("in the same process", inProcess);
liveContract("in memory", memoryHost);
