/** A viewer's end of the coordinator's socket. */
import { connect, type Socket } from "node:net";
import { SignalboxError } from "../../core/errors.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { PersonCommand } from "../../core/workflow/command.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { ControlResult } from "./engine-control.ts";
import {
  type CoordinatorInfo,
  type CoordinatorStatus,
  encodeLine,
  fromWireError,
  lineReader,
  PROTOCOL,
  type Push,
  type RequestBody,
  type Response,
  type Results,
} from "./protocol.ts";

/**
 * Contract: every call rejects with `SignalboxError` code `coordinator-gone` when the coordinator dies before it has
 * answered; other rejections are the coordinator's own errors with their kind. `closed` resolves when the connection ends,
 * for whatever reason.
 */
export interface CoordinatorClient {
  readonly info: CoordinatorInfo;
  create(plan: Plan, by: string): Promise<WorkflowState>;
  open(workflow: string): Promise<WorkflowState>;
  submit(workflow: string, command: PersonCommand): Promise<ControlResult>;
  /** Resolves with the state; `listener` gets every later append, in order. One subscription per workflow and client. */
  subscribe(workflow: string, listener: (push: Push) => void): Promise<WorkflowState>;
  status(): Promise<CoordinatorStatus>;
  /** Asks it to end; with `onlyIdle` it refuses while something runs. */
  stop(options: { readonly onlyIdle: boolean }): Promise<boolean>;
  readonly closed: Promise<void>;
  close(): void;
}

interface Pending {
  readonly resolve: (result: Results[keyof Results]) => void;
  readonly reject: (error: unknown) => void;
}

/** Connects and shakes hands; null when nobody answers there. Throws when another protocol is spoken. */
export async function dialCoordinator(socketPath: string): Promise<CoordinatorClient | null> {
  const socket = await openSocket(socketPath);
  if (socket === null) return null;
  const line = new Line(socket);
  try {
    const info = await line.request({ method: "hello", protocol: PROTOCOL });
    if (info.protocol !== PROTOCOL) throw otherProtocol(info);
    return toClient(line, info);
  } catch (error) {
    socket.destroy();
    if (error instanceof SignalboxError && error.code === GONE) return null; // it was just leaving
    throw error;
  }
}

const GONE = "coordinator-gone";

function openSocket(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("error", () => resolve(null));
    socket.once("connect", () => resolve(socket));
  });
}

/** Requests out, responses and pushes in. */
class Line {
  readonly closed: Promise<void>;
  readonly socket: Socket;
  private readonly pending = new Map<number, Pending>();
  private readonly listeners = new Map<string, (push: Push) => void>();
  private lastId = 0;

  constructor(socket: Socket) {
    this.socket = socket;
    const read = lineReader((message) => this.receive(message));
    socket.on("data", (chunk: Buffer) => {
      try {
        read(chunk);
      } catch {
        socket.destroy(); // half a message of a dying coordinator: nothing after it can be understood
      }
    });
    socket.on("error", () => socket.destroy());
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.abandon();
        resolve();
      });
    });
  }

  request<M extends keyof Results>(body: RequestBody & { readonly method: M }): Promise<Results[M]> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) return reject(gone());
      this.pending.set(id, { resolve: (result) => resolve(result as Results[M]), reject }); // the response carries the id of this method
      this.socket.write(encodeLine({ id, ...body }));
    });
  }

  /** Must be called before the subscribing request: pushes may overtake its response. */
  listen(workflow: string, listener: (push: Push) => void): void {
    this.listeners.set(workflow, listener);
  }

  private receive(message: Readonly<Record<string, unknown>>): void {
    if (message.push === "update") {
      const push = message as unknown as Push; // sent by our own server of the same protocol
      this.listeners.get(push.workflow)?.(push);
      return;
    }
    const response = message as unknown as Response; // likewise
    const waiting = this.pending.get(response.id);
    this.pending.delete(response.id);
    if (response.ok) waiting?.resolve(response.result);
    else waiting?.reject(fromWireError(response.error));
  }

  private abandon(): void {
    for (const { reject } of this.pending.values()) reject(gone());
    this.pending.clear();
  }
}

function toClient(line: Line, info: CoordinatorInfo): CoordinatorClient {
  return {
    info,
    create: async (plan, by) => (await line.request({ method: "create", plan, by })).state,
    open: async (workflow) => (await line.request({ method: "open", workflow })).state,
    submit: async (workflow, command) =>
      (await line.request({ method: "submit", workflow, command })).outcome,
    subscribe: async (workflow, listener) => {
      const early: Push[] = [];
      line.listen(workflow, (push) => early.push(push));
      const { state } = await line.request({ method: "subscribe", workflow });
      // Handed over one turn later, so that the caller has the state before it hears what came after it.
      setImmediate(() => {
        for (const push of early) listener(push);
        early.length = 0;
        line.listen(workflow, listener);
      });
      return state;
    },
    status: () => line.request({ method: "status" }),
    stop: async ({ onlyIdle }) => (await line.request({ method: "stop", onlyIdle })).stopping,
    closed: line.closed,
    close: () => line.socket.end(),
  };
}

function gone(): SignalboxError {
  return new SignalboxError("environment", GONE, "The coordinator has ended before it answered", [
    "To go on where the workflow stands, run: signalbox resume",
  ]);
}

function otherProtocol(info: CoordinatorInfo): SignalboxError {
  return new SignalboxError(
    "environment",
    "other-protocol",
    `The coordinator of this repository (pid ${info.pid}) is signalbox ${info.version} and speaks protocol ${info.protocol} instead of ${PROTOCOL}`,
    ["End it, running agents go on: signalbox coordinator --stop"],
  );
}
