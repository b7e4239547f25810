/**
 * An agent that does what its prompt says, for tests of session hosts. The prompt is JSON of `TestOrders`. Bundled as the
 * `adaptersModule` of a detached host, or used directly by one in the same process.
 */
import { setTimeout as pause } from "node:timers/promises";
import { spawnProcess } from "../../src/adapters/process/spawn.ts";
import type { SessionOutcome } from "../../src/core/workflow/outcome.ts";
import type { AgentAdapter, AgentIo, SessionEvent, SessionSpec } from "../../src/ports/session-host.ts";

export interface TestOrders {
  /** Shell script that the agent's process runs; its output lines become texts. Absent: no process. */
  readonly shell?: string;
  /** Events that are sent before anything else, without their time. */
  readonly events?: readonly Omit<SessionEvent, "at">[];
  /** Questions that it asks a person, one after the other; each reply is told as a text. */
  readonly ask?: readonly string[];
  /** It tells what it hears as a text; `hangs-up` hears nothing but says that it listens. */
  readonly listen?: "hears" | "hangs-up";
  /** `end` (default) settles when the process has ended; `hang` waits for the signal; `deaf` ignores the signal too; `throw` rejects. */
  readonly ending?: "end" | "hang" | "deaf" | "throw";
}

export async function loadAdapter(name: string): Promise<AgentAdapter> {
  if (name === "steered") return STEERED;
  if (name !== "test")
    throw Object.assign(new Error(`there is no agent adapter "${name}"`), { kind: "config" });
  return testAgent;
}

const CAPABILITIES = {
  resume: true,
  fork: false,
  budget: false,
  cost: true,
  structured: false,
  permissionCallback: false,
  choosesSessionId: true,
  steer: false,
};

export const testAgent: AgentAdapter = {
  name: "test",
  capabilities: CAPABILITIES,
  available: async () => null,
  run,
};

/** The same agent, which can be spoken to. */
const STEERED: AgentAdapter = { ...testAgent, capabilities: { ...CAPABILITIES, steer: true } };

async function run(spec: SessionSpec, io: AgentIo): Promise<SessionOutcome> {
  const orders = JSON.parse(spec.prompt) as TestOrders;
  const usage = { costUsd: 0.25, turns: 2, durationMs: 5 };
  for (const event of orders.events ?? [])
    io.emit({ at: new Date().toISOString(), ...event } as SessionEvent);
  const tell = (text: string): void => io.emit({ at: new Date().toISOString(), type: "text", text });
  if (orders.listen !== undefined) {
    io.listen?.((text, by, how) => {
      tell(`${by} ${how === "interrupt" ? "interrupts" : "says"}: ${text}`);
      return orders.listen === "hears";
    });
  }
  for (const question of orders.ask ?? []) {
    const reply = await io.ask?.({ kind: "agent", question, choices: ["yes", "no"] });
    tell(`${reply?.by ?? "nobody"}: ${reply?.text}`);
  }
  if (orders.ending === "throw") throw new Error("the agent made a mistake");
  const ended = orders.shell === undefined ? Promise.resolve() : runShell(orders.shell, spec, io);
  if (orders.ending === "deaf") await new Promise(() => {});
  if (orders.ending === "hang") await aborted(io.signal);
  else await Promise.race([ended, aborted(io.signal)]);
  if (io.signal.aborted)
    return { sessionId: spec.conversation, usage, kind: "cancelled", reason: "told to stop" };
  return { sessionId: spec.conversation, usage, kind: "ok", text: "done", denials: [] };
}

function runShell(script: string, spec: SessionSpec, io: AgentIo): Promise<void> {
  const child = spawnProcess("/bin/bash", ["-c", script], {
    cwd: spec.cwd,
    env: { ...spec.env },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  if (child.pid !== undefined) io.onProcess(child.pid);
  child.stdout?.on("data", (chunk: Buffer) => {
    for (const text of chunk.toString().split("\n").slice(0, -1))
      io.emit({ at: new Date().toISOString(), type: "text", text });
  });
  return new Promise((resolve) => child.on("exit", () => resolve()));
}

async function aborted(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await pause(10);
}
