import { join } from "node:path";
import { readJsonIfThere } from "../../src/adapters/fs/read-file.ts";
import { hostFolder } from "../../src/adapters/host/paths.ts";
import type { HostAddress } from "../../src/adapters/host/wire.ts";
import { isAlive, type ProcessIdentity } from "../../src/adapters/process/identity.ts";
import { eventually } from "./eventually.ts";

/** Identity of the living session host of a repository; null when there is none. */
export async function livingHost(commonDir: string): Promise<ProcessIdentity | null> {
  const address = await readJsonIfThere<HostAddress>(join(hostFolder(commonDir), "address.json"));
  return address !== null && isAlive(address.host) ? address.host : null;
}

/** Kills the session host of a repository, so that no test leaves one behind; its watchdog ends what it ran. */
export async function endHost(commonDir: string): Promise<void> {
  const host = await livingHost(commonDir);
  if (host === null) return;
  process.kill(host.pid, "SIGKILL");
  await eventually("the host is gone", () => !isAlive(host));
}
