/**
 * What is said on the host's socket: one request and one answer per connection, each one line of JSON. The socket lies in
 * a folder that only the user can enter; there is no other authentication.
 */
import { createConnection, createServer, type Server, type Socket } from "node:net";
import type { SessionMessage } from "../../core/workflow/live.ts";
import type { Delivery, SessionSpec } from "../../ports/session-host.ts";
import type { ProcessIdentity } from "../process/identity.ts";

/** Rises with every incompatible change of requests or answers. */
export const PROTOCOL = 1;

export type HostRequest =
  | { readonly op: "start"; readonly spec: SessionSpec }
  | { readonly op: "stop"; readonly workflow: string; readonly id: string; readonly reason: string }
  | { readonly op: "deliver"; readonly workflow: string; readonly message: SessionMessage }
  | { readonly op: "running" };

export type HostAnswer =
  | {
      readonly ok: true;
      readonly running?: readonly { readonly workflow: string; readonly id: string }[];
      /** Answer to `deliver`; null = no such session runs here. A host of an older version says nothing. */
      readonly delivery?: Delivery | null;
    }
  /** The host is about to leave: ask the next one. */
  | { readonly ok: false; readonly problem: "leaving" }
  | { readonly ok: false; readonly problem: "failed"; readonly message: string };

/** `address.json` in the host's folder. */
export interface HostAddress {
  readonly protocol: number;
  readonly host: ProcessIdentity;
  readonly socket: string;
}

const LONGEST_LINE = 64 * 1024 * 1024;

/** Sends one request. Rejects when the connection breaks before a whole answer came. */
export function ask(socketPath: string, request: HostRequest): Promise<HostAnswer> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(socketPath, () => socket.write(`${JSON.stringify(request)}\n`));
    onLine(socket, (line) => {
      socket.destroy();
      resolve(JSON.parse(line) as HostAnswer); // the host is our own program
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the session host closed the connection")));
  });
}

/** Answers requests on a socket; resolves when it listens. */
export function serve(
  socketPath: string,
  answer: (request: HostRequest) => Promise<HostAnswer>,
): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy()); // the asker is gone; what it asked for goes on
    onLine(socket, (line) => {
      void respond(line, answer).then((text) => socket.end(`${text}\n`));
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, () => resolve(server));
  });
}

async function respond(line: string, answer: (request: HostRequest) => Promise<HostAnswer>): Promise<string> {
  try {
    return JSON.stringify(await answer(JSON.parse(line) as HostRequest));
  } catch (error) {
    const failed: HostAnswer = {
      ok: false,
      problem: "failed",
      message: error instanceof Error ? error.message : String(error),
    };
    return JSON.stringify(failed);
  }
}

/** Calls `use` with the first line that arrives. */
function onLine(socket: Socket, use: (line: string) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let done = false;
  socket.on("data", (chunk: Buffer) => {
    if (done) return;
    chunks.push(chunk);
    size += chunk.length;
    done = chunk.includes(10) || size > LONGEST_LINE;
    if (size > LONGEST_LINE) socket.destroy();
    else if (done) use(Buffer.concat(chunks).toString("utf8").split("\n", 1)[0] ?? "");
  });
}
