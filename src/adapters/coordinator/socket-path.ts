import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import { processIdentity } from "../process/identity.ts";

/** Longest path that a socket may have on every supported system (macOS: 104 bytes with the final zero). */
const MAX_SOCKET_PATH = 103;

/**
 * Path for this process's socket for a repository, in a folder that only the user can enter (0700). Short by construction: a
 * hash of the common dir and the pid, below `XDG_RUNTIME_DIR`, else below the temporary folder, else `/tmp`. No two processes
 * share one, so that a leaving coordinator never takes away the socket of the next.
 */
export function socketPath(commonDir: string, env: Readonly<Record<string, string | undefined>>): string {
  const hash = createHash("sha256").update(commonDir).digest("hex").slice(0, 16);
  const name = `${hash}-${process.pid}.sock`;
  const user = process.getuid?.() ?? 0;
  const folders = [
    ...(env.XDG_RUNTIME_DIR === undefined || env.XDG_RUNTIME_DIR === ""
      ? []
      : [join(env.XDG_RUNTIME_DIR, "signalbox")]),
    join(tmpdir(), `signalbox-${user}`),
    `/tmp/signalbox-${user}`,
  ];
  for (const folder of folders) {
    const path = join(folder, name);
    if (Buffer.byteLength(path) <= MAX_SOCKET_PATH && makePrivate(folder, user)) return path;
  }
  throw new SignalboxError(
    "environment",
    "no-runtime-folder",
    `No folder for the coordinator's socket is private to this user: ${folders.join(", ")}`,
    ["Name a private one: XDG_RUNTIME_DIR=$(mktemp -d) signalbox status"],
  );
}

/**
 * Removes sockets that killed coordinators left beside `path`: those that refuse a connection. Sockets of other repositories
 * are asked only where no process has the pid in their name, so that nobody's coordinator is disturbed.
 */
export async function sweepSockets(path: string): Promise<void> {
  const [hash = ""] = basename(path).split("-");
  const names = await readdir(dirname(path)).catch(() => []);
  for (const name of names) {
    const [, repository, pid] = SOCKET_NAME.exec(name) ?? [];
    if (name === basename(path) || (repository !== hash && processIdentity(Number(pid)) !== null)) continue;
    if (repository !== undefined && (await refuses(join(dirname(path), name))))
      await rm(join(dirname(path), name), { force: true });
  }
}

const SOCKET_NAME = /^([0-9a-f]{16})-(\d+)\.sock$/;

function refuses(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
}

/** True when the folder is a real one of this user alone. Somebody else's folder of that name in `/tmp` would let them read and answer for us. */
function makePrivate(folder: string, user: number): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== user) return false;
    if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return true;
  } catch {
    return false;
  }
}
