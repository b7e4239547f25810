/** What the endpoint remembers while it plays a scenario: faults that have struck, samples of panels, and its log. */
import { createFaultLedger, type FaultLedger } from "../scenario/faults.ts";
import type { Task } from "../scenario/header.ts";
import type { Fault, Scenario } from "../scenario/scenario.ts";
import type { ModelRequest } from "./request.ts";

/** One request that asked the model for a reply. */
export interface EndpointLogEntry {
  readonly at: string;
  readonly sessionId: string | null;
  readonly task: Task | null;
  readonly deliverable: string | null;
  readonly round: number | null;
  readonly fault: Fault | null;
  /** Tools called by the reply. */
  readonly called: readonly string[];
}

export interface Play {
  scenario: Scenario;
  ledger: FaultLedger;
  readonly log: EndpointLogEntry[];
  /** Fault of an assignment, by session and prompt: a fault about work or answers holds for the whole of it. */
  readonly struck: Map<string, Fault | null>;
  /** Judge sessions in order of appearance, by deliverable and round: their samples. */
  readonly samples: Map<string, string[]>;
}

/** A fresh memory. */
export function createPlay(scenario: Scenario): Play {
  return { scenario, ledger: createFaultLedger(), log: [], struck: new Map(), samples: new Map() };
}

/** Faults of the service strike per request, so that `times` counts the agent's own retries; the others hold for the assignment. */
export function faultOf(play: Play, request: ModelRequest, sample: number): Fault | null {
  const { facts } = request;
  if (facts === null) return null;
  const key = [
    request.sessionId,
    facts.deliverable,
    facts.task,
    facts.epoch,
    facts.attempt,
    facts.round,
    sample,
  ].join("/");
  const known = play.struck.get(key);
  if (known !== undefined) return known;
  const fault = play.ledger.strike(play.scenario, facts, sample);
  if (fault === null || !isOfService(fault)) play.struck.set(key, fault);
  return fault;
}

function isOfService(fault: Fault): boolean {
  return fault.startsWith("api-") || fault === "network" || fault === "usage-window";
}

export function sampleOf(play: Play, request: ModelRequest): number {
  const { facts, sessionId } = request;
  if (facts === null || facts.task !== "judge" || sessionId === null) return 1;
  const key = [facts.deliverable, facts.role, facts.epoch, facts.attempt, facts.round].join("/");
  const seen = play.samples.get(key) ?? [];
  if (!seen.includes(sessionId)) seen.push(sessionId);
  play.samples.set(key, seen);
  return seen.indexOf(sessionId) + 1;
}

export function replaceScenario(play: Play, scenario: Scenario): void {
  play.scenario = scenario;
  play.ledger = createFaultLedger();
  play.struck.clear();
  play.samples.clear();
}

export function record(
  play: Play,
  request: ModelRequest,
  fault: Fault | null,
  called: readonly string[],
): void {
  play.log.push({
    at: new Date().toISOString(),
    sessionId: request.sessionId,
    task: request.facts?.task ?? null,
    deliverable: request.facts?.deliverable ?? null,
    round: request.facts?.round ?? null,
    fault,
    called,
  });
}
