/**
 * A started agent program and the connection to it: the Agent Client Protocol over its standard streams, carried by the protocol's own
 * library. Messages of the agent are foreign data and come in unread.
 */
import { Readable, Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { type AnyMessage, type ClientApp, client, ndJsonStream } from "@agentclientprotocol/sdk";
import type { Confined } from "../../sandbox/confine.ts";
import { type Fields, fieldsOf } from "../foreign-data.ts";
import { tailReader } from "../streams.ts";

/** What the agent asks of us. Each may reject with a `RequestError`, which the agent is told. */
export interface AgentRequests {
  readonly permission: (params: Fields) => Promise<Record<string, unknown>>;
  readonly writeFile: (params: Fields) => Promise<Record<string, unknown>>;
  readonly update: (params: Fields) => void;
}

export interface AcpLink {
  /** Rejects with what the agent says against it, or when its process ends first. */
  request(method: string, params: Fields): Promise<Fields>;
  notify(method: string, params: Fields): void;
  /** Ends the program: by closing its input, then harder. Resolves with a sentence on how its process ended. */
  end(): Promise<string>;
  /** Set once the process has ended. */
  readonly exit: () => string | null;
}

export interface LinkParts {
  /** Starts the program, in a sandbox where there is one. */
  readonly confined: Confined;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onProcess: (pid: number) => void;
  readonly on: AgentRequests;
}

/** Pauses between the end of its input and the signals, milliseconds. */
const LEAVE_MS = 1000;
const TERMINATE_MS = 3000;

/** Starts the program. What cannot be started shows with the first request. */
export function openLink({ confined, command, cwd, env, onProcess, on }: LinkParts): AcpLink {
  const [file = "", ...args] = command;
  const child = confined.start(file, args, {
    cwd,
    env: { ...env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  if (child.pid !== undefined) onProcess(child.pid);
  const tail = tailReader(child.stderr);
  let exit: string | null = null;
  const ended = new Promise<string>((resolve) => {
    const settle = (text: string): void => {
      exit ??= `${text}. ${tail().trim()}`.trim();
      resolve(exit);
    };
    child.once("error", (error) => settle(`${file} could not be started: ${error.message}`));
    // Not `close`: a program of the agent's that lives on may hold its streams.
    child.once("exit", (code, signal) =>
      setImmediate(() =>
        settle(`${file} ${signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`}`),
      ),
    );
  });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error(`${file} has no standard streams`);
  stdin.on("error", () => {}); // it may end before it has read everything
  const { readable, writable } = ndJsonStream(Writable.toWeb(stdin), Readable.toWeb(stdout));
  const connection = clientOf(on).connect({ writable, readable: readable.pipeThrough(tapped(on.update)) });
  const gone = ended.then((text) => Promise.reject(new ProcessGone(text)));
  gone.catch(() => {});
  /** The end of its output shows before the end of the process; one that lives on without it is as good as gone. */
  const failed = async (error: unknown): Promise<never> => {
    if (!connection.signal.aborted) throw error;
    const silent = pause(LEAVE_MS, undefined, { ref: false }).then(() => `${file} closed its output`);
    throw new ProcessGone(await Promise.race([ended, silent]));
  };
  return {
    request: async (method, params) =>
      fieldsOf(
        await Promise.race([connection.agent.request<unknown, unknown>(method, params).catch(failed), gone]),
      ),
    notify: (method, params) => {
      connection.agent.notify<unknown>(method, params).catch(() => {}); // it has ended
    },
    end: () => {
      const timers = [
        setTimeout(() => confined.signal(child.pid, "SIGTERM"), LEAVE_MS),
        setTimeout(() => confined.signal(child.pid, "SIGKILL"), LEAVE_MS + TERMINATE_MS),
      ];
      stdin.end();
      return ended.finally(() => {
        for (const timer of timers) clearTimeout(timer);
        connection.close();
        stdout.destroy();
      });
    },
    exit: () => exit,
  };
}

/** The process ended while something was expected of it. */
export class ProcessGone extends Error {}

/** Updates are heard in the order of the wire: the library answers a request before it has handed on all notifications that came first. */
function tapped(onUpdate: (params: Fields) => void): TransformStream<AnyMessage, AnyMessage> {
  return new TransformStream({
    transform: (message, controller) => {
      const { method, params } = fieldsOf(message);
      if (method === "session/update") onUpdate(fieldsOf(params));
      else controller.enqueue(message);
    },
  });
}

function clientOf(on: AgentRequests): ClientApp {
  const answering =
    (handle: (params: Fields) => Promise<Record<string, unknown>>) =>
    ({ params }: { readonly params: Fields }) =>
      handle(params);
  return client({ name: "signalbox" })
    .onRequest("session/request_permission", fieldsOf, answering(on.permission))
    .onRequest("fs/write_text_file", fieldsOf, answering(on.writeFile));
}
