/** The session host of the simulation, whose schedule follows a real clock and whose agents do what their prompts order. */
import { onTestFinished } from "vitest";
import type { EventBody } from "../../src/adapters/agents/session-io.ts";
import type { AskRequest, SessionHost, SessionSpec } from "../../src/ports/session-host.ts";
import { promising } from "../simulation/world/direct.ts";
import { MemoryHost } from "../simulation/world/host.ts";
import { Schedule } from "../simulation/world/schedule.ts";
import type { Act } from "../simulation/world/session.ts";
import type { TestOrders } from "../support/test-agent.ts";

/** A host of its own. */
export async function memoryHost(): Promise<SessionHost> {
  const schedule = new Schedule(new Date().toISOString());
  const began = performance.now();
  const clock = setInterval(() => schedule.runUntil(performance.now() - began), 5);
  onTestFinished(() => clearInterval(clock));
  return promising<SessionHost>(new MemoryHost({ schedule, act: actOf }));
}

function actOf(spec: SessionSpec): Act {
  const orders = JSON.parse(spec.prompt) as TestOrders;
  const asks = orders.ask?.map(
    (question): AskRequest => ({ kind: "agent", question, choices: ["yes", "no"] }),
  );
  const isSilent = orders.events === undefined && orders.listen === undefined;
  return {
    durationMs: 20,
    says: (orders.events ?? []) as readonly EventBody[],
    ...(asks === undefined ? {} : { asks }),
    ...(orders.listen === undefined ? {} : { listens: orders.listen }),
    ...(orders.ending === "hang" && asks === undefined ? { hangs: isSilent ? "silent" : "started" } : {}),
    end: { kind: "ok", text: "done", denials: [] },
    costUsd: 0.25,
    turns: 2,
  };
}
