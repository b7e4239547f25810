/**
 * Answers viewers on the coordinator's socket and tells when nothing is left to stay for.
 *
 * Owns: connections, subscriptions, the decision to leave. Does not own: any rule about workflows (the engine), who is the
 * coordinator (the claim).
 * Invariants:
 * V1 a subscriber gets the state and then every later event, in order, none twice: state and subscription are taken in one
 *    turn of the event loop.
 * V2 the server leaves only when nothing runs, nobody is connected and taking up old workflows has ended, all for `lingerMs`.
 * V3 only commands of people are accepted; how effects ended comes from the engine's own ports.
 */
import { rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { SignalboxError } from "../../core/errors.ts";
import type { PersonCommand } from "../../core/workflow/command.ts";
import type { ControlUpdate, EngineControl } from "./engine-control.ts";
import {
  type CoordinatorInfo,
  encodeLine,
  lineReader,
  PROTOCOL,
  type Push,
  type Request,
  type Response,
  type Results,
  toWireError,
} from "./protocol.ts";

export interface ServerOptions {
  readonly engine: EngineControl;
  readonly socketPath: string;
  readonly info: CoordinatorInfo;
  /** Stay this long with nothing to do; default 3000. */
  readonly lingerMs?: number;
  /** Takes up workflows that have not ended; reports the ones that could not be. Runs once, beside the answering. */
  readonly reopen?: () => Promise<readonly { readonly workflow: string; readonly reason: string }[]>;
  readonly log?: (line: string) => void;
}

export interface CoordinatorServer {
  /** Resolves when the server has decided to leave, or was told to; the socket is closed then, the engine is not. */
  readonly left: Promise<"idle" | "stopped">;
  /** Leaves now. */
  stop(): void;
}

/** One viewer. */
interface Viewer {
  readonly socket: Socket;
  readonly subscribed: Set<string>;
}

/** A viewer that reads nothing while this much is waiting for it is cut off. */
const MAX_BACKLOG = 64 * 1024 * 1024;

/** A record, so that the compiler misses a command that is not listed. `create` has a request of its own. */
const PERSON_COMMANDS: Readonly<Record<Exclude<PersonCommand["type"], "create">, true>> = {
  approve: true,
  reject: true,
  decide: true,
  limit: true,
  pause: true,
  resume: true,
  cancel: true,
  rewind: true,
  checkpoint: true,
  sync: true,
  note: true,
  block: true,
  unblock: true,
  "send-back": true,
  comment: true,
  "resolve-comment": true,
  landed: true,
  answer: true,
  say: true,
  stop: true,
  interrupt: true,
  attach: true,
  adopt: true,
  detach: true,
  direct: true,
};

/** Starts to listen. The caller holds the claim: a socket that is in the way is a dead one's. */
export async function serveCoordinator(options: ServerOptions): Promise<CoordinatorServer> {
  const running = new RunningServer(options);
  await rm(options.socketPath, { force: true });
  await running.listen();
  return running;
}

class RunningServer implements CoordinatorServer {
  readonly left: Promise<"idle" | "stopped">;
  private leave: (why: "idle" | "stopped") => void = () => {};
  private readonly options: ServerOptions;
  private readonly server: Server;
  private readonly viewers = new Set<Viewer>();
  private readonly unsubscribe: () => void;
  private unopened: readonly { readonly workflow: string; readonly reason: string }[] = [];
  private reopening = true;
  private quietSince: number | null = null;
  private readonly watch: NodeJS.Timeout;

  constructor(options: ServerOptions) {
    this.options = options;
    this.left = new Promise((resolve) => {
      this.leave = resolve;
    });
    this.server = createServer((socket) => this.welcome(socket));
    this.unsubscribe = options.engine.subscribe((update) => this.push(update));
    this.watch = setInterval(() => this.look(), Math.min(250, options.lingerMs ?? 250));
    void this.left.then(() => this.shut());
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(this.options.socketPath, resolve);
    });
    void this.takeUp();
  }

  stop(): void {
    this.leave("stopped");
  }

  private async takeUp(): Promise<void> {
    try {
      this.unopened = (await this.options.reopen?.()) ?? [];
    } catch (error) {
      this.log(`could not take up workflows: ${toWireError(error).message}`);
    }
    for (const { workflow, reason } of this.unopened) this.log(`${workflow} is not open: ${reason}`);
    this.reopening = false;
  }

  private look(): void {
    const quiet = !this.reopening && this.viewers.size === 0 && !this.options.engine.busy();
    if (!quiet) this.quietSince = null;
    else this.quietSince ??= performance.now();
    if (this.quietSince !== null && performance.now() - this.quietSince >= (this.options.lingerMs ?? 3000))
      this.leave("idle");
  }

  private shut(): void {
    clearInterval(this.watch);
    this.unsubscribe();
    this.server.close();
    for (const viewer of this.viewers) viewer.socket.end();
  }

  private welcome(socket: Socket): void {
    const viewer: Viewer = { socket, subscribed: new Set() };
    this.viewers.add(viewer);
    socket.on("error", () => socket.destroy()); // a viewer that was killed is no failure of ours
    socket.on("close", () => this.viewers.delete(viewer));
    const read = lineReader((message) => void this.answer(viewer, message));
    socket.on("data", (chunk: Buffer) => {
      try {
        read(chunk);
      } catch (error) {
        this.log(`viewer sent no message: ${toWireError(error).message}`);
        socket.destroy();
      }
    });
  }

  private async answer(viewer: Viewer, message: Readonly<Record<string, unknown>>): Promise<void> {
    const id = typeof message.id === "number" ? message.id : 0;
    try {
      const request = message as unknown as Request; // fields are those of our own client; `perform` refuses unknown methods
      this.send(viewer, { id, ok: true, result: await this.perform(viewer, request) });
    } catch (error) {
      const wire = toWireError(error);
      if (wire.kind === "internal") this.log(`${String(message.method)} failed: ${wire.message}`);
      this.send(viewer, { id, ok: false, error: wire });
    }
  }

  private async perform(viewer: Viewer, request: Request): Promise<Results[keyof Results]> {
    const { engine, info } = this.options;
    switch (request.method) {
      case "hello":
        return info;
      case "create":
        return { state: await engine.create(request.plan, request.by) };
      case "open":
        return { state: await engine.open(request.workflow) };
      case "submit":
        return { outcome: await this.submit(request.workflow, request.command) };
      case "subscribe":
        return this.subscribe(viewer, request.workflow);
      case "status":
        return { ...info, busy: engine.busy(), viewers: this.viewers.size, unopened: this.unopened };
      case "stop":
        return this.stopOnRequest(request.onlyIdle);
      default:
        throw unknownMethod(request satisfies never);
    }
  }

  private async submit(workflow: string, command: PersonCommand): ReturnType<EngineControl["submit"]> {
    if (!Object.hasOwn(PERSON_COMMANDS, command.type))
      throw new SignalboxError("user", "not-a-command", `${command.type} is not a command of a person`);
    await this.options.engine.open(workflow);
    return this.options.engine.submit(workflow, command);
  }

  private async subscribe(viewer: Viewer, workflow: string): Promise<Results["subscribe"]> {
    const opened = await this.options.engine.open(workflow);
    viewer.subscribed.add(workflow);
    return { state: this.options.engine.state(workflow) ?? opened };
  }

  private stopOnRequest(onlyIdle: boolean): Results["stop"] {
    if (onlyIdle && (this.reopening || this.options.engine.busy())) return { stopping: false };
    setImmediate(() => this.leave("stopped")); // after the answer is on its way
    return { stopping: true };
  }

  private push({ workflow, seq, events }: ControlUpdate): void {
    const push: Push = { push: "update", workflow, seq, events };
    for (const viewer of this.viewers) if (viewer.subscribed.has(workflow)) this.send(viewer, push);
  }

  private send(viewer: Viewer, message: Response | Push): void {
    if (viewer.socket.destroyed || viewer.socket.writableEnded) return;
    viewer.socket.write(encodeLine(message));
    if (viewer.socket.writableLength > MAX_BACKLOG) viewer.socket.destroy();
  }

  private log(line: string): void {
    this.options.log?.(line);
  }
}

function unknownMethod(request: unknown): SignalboxError {
  const method =
    typeof request === "object" && request !== null && "method" in request
      ? String(request.method)
      : "nothing";
  return new SignalboxError(
    "user",
    "unknown-method",
    `This coordinator does not know ${method} (protocol ${PROTOCOL})`,
    ["Another version of signalbox runs here; end it: signalbox coordinator --stop"],
  );
}
