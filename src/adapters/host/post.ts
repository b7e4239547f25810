/** Where the host answers: its socket and the file that tells the address. Opened again when the socket is lost. */
import { existsSync } from "node:fs";
import { unlink } from "node:fs/promises";
import type { Server } from "node:net";
import { join } from "node:path";
import { socketPath } from "../coordinator/socket-path.ts";
import { readJsonIfThere } from "../fs/read-file.ts";
import { replaceFile } from "../fs/replace-file.ts";
import { ownIdentity } from "../process/identity.ts";
import { hostFolder } from "./paths.ts";
import { type HostAddress, type HostAnswer, type HostRequest, PROTOCOL, serve } from "./wire.ts";

export interface Post {
  /** Listens again when somebody removed the socket: cleaners of temporary folders and a logout do that. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** `name` is unique per life of a host, so that a leaving one does not remove its successor's socket. */
export async function openPost(
  commonDir: string,
  name: string,
  answer: (request: HostRequest) => Promise<HostAnswer>,
): Promise<Post> {
  const addressFile = join(hostFolder(commonDir), "address.json");
  const earlier = await readJsonIfThere<HostAddress>(addressFile);
  if (earlier !== null) await remove(earlier.socket); // a killed host leaves its socket behind

  const listen = async (): Promise<{ readonly server: Server; readonly socket: string }> => {
    const socket = socketPath(`${commonDir}#${name}`, process.env);
    await remove(socket);
    const server = await serve(socket, answer);
    const address: HostAddress = { protocol: PROTOCOL, host: ownIdentity(), socket };
    await replaceFile(addressFile, `${JSON.stringify(address)}\n`, { mode: 0o600 });
    return { server, socket };
  };
  let post = await listen();
  return {
    mend: async () => {
      if (existsSync(post.socket)) return;
      post.server.close();
      post = await listen();
    },
    close: async () => {
      post.server.close();
      await remove(post.socket);
    },
  };
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch(() => {});
}
