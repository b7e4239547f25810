/**
 * An agent without a model: plays a scenario in the host's own process. Writes real files, answers in the shape that was
 * asked for, and fails where the scenario says so. The same seed gives the same work.
 */
import type { SessionEnd, SessionOutcome } from "../../core/workflow/outcome.ts";
import type { AgentAdapter, AgentIo, SessionSpec } from "../../ports/session-host.ts";
import { structuredAnswer } from "../scenario/answer.ts";
import { createPacer } from "../scenario/delay.ts";
import { createFaultLedger, type FaultLedger } from "../scenario/faults.ts";
import { type PromptFacts, readPrompt } from "../scenario/header.ts";
import { randomOf } from "../scenario/random.ts";
import { closingReport } from "../scenario/report.ts";
import { loadScenario, type Scenario, settingsFor } from "../scenario/scenario.ts";
import { spoilAnswer } from "../scenario/spoil.ts";
import { abortReason, type Emit, missingFolder, outcomeOf, pause, stampedEmit } from "./session-io.ts";
import { simulatedFailure } from "./simulated-failure.ts";
import { type Play, writeWork } from "./simulated-files.ts";
import { playAfterwards, playLive } from "./simulated-live.ts";

/** Milliseconds of thinking before each step, unless the scenario says otherwise. */
const DEFAULT_DELAY_MS = 5;

/** The `simulated` adapter. `scenario` replaces the one that the session's environment names. */
export function createAdapter(options: { readonly scenario?: Scenario } = {}): AgentAdapter {
  const ledger = createFaultLedger();
  return {
    name: "simulated",
    capabilities: {
      resume: true,
      fork: false,
      budget: true,
      cost: true,
      structured: true,
      permissionCallback: false,
      choosesSessionId: true,
      steer: true,
      interrupt: true,
    },
    available: () => Promise.resolve(null),
    run: async (spec, io) => {
      const stamped = stampedEmit(io);
      try {
        return await run(spec, io, stamped.emit, ledger, options.scenario);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return outcomeOf(
          spec,
          { costUsd: 0, turns: 0, durationMs: 0 },
          { kind: "crashed", message, retry: "never" },
        );
      } finally {
        stamped.close();
      }
    },
  };
}

async function run(
  spec: SessionSpec,
  io: AgentIo,
  emit: Emit,
  ledger: FaultLedger,
  given: Scenario | undefined,
): Promise<SessionOutcome> {
  const started = Date.now();
  const scenario = given ?? loadScenario({ ...process.env, ...spec.env });
  const facts = factsOf(spec);
  const fault = ledger.strike(scenario, facts, spec.part);
  const pace = createPacer(
    settingsFor(scenario, facts).delayMs,
    `${scenario.seed ?? ""}/${spec.id}`,
    DEFAULT_DELAY_MS,
  );
  const play: Play = {
    spec,
    facts,
    scenario,
    fault,
    io,
    emit,
    denials: [],
    heard: [],
    think: () => pause(pace(), io.signal),
  };
  io.listen?.((text) => {
    play.heard.push(text);
    return true;
  });
  emit({
    type: "text",
    text: `Reads the assignment for ${facts.deliverable} (${facts.task}, round ${facts.round}).`,
  });
  const end = await endOf(play);
  const spent =
    end.kind === "cancelled" || end.kind === "crashed" ? { costUsd: null, turns: 1 } : spending(play);
  emit({ type: "usage", ...spent });
  return outcomeOf(spec, { ...spent, durationMs: Date.now() - started }, end);
}

async function endOf(play: Play): Promise<SessionEnd> {
  const { spec, fault, io } = play;
  const missing = missingFolder(spec);
  if (missing !== null) return { kind: "crashed", message: missing, retry: "never" };
  const cancelled = (): SessionEnd => ({ kind: "cancelled", reason: abortReason(io.signal) });
  if (!(await play.think())) return cancelled();
  if (fault === "stall" || fault === "timeout") {
    await pause(Number.POSITIVE_INFINITY, io.signal);
    return cancelled();
  }
  const failure = simulatedFailure(fault);
  if (failure !== null) return failure;
  if (!(await playLive(play))) return cancelled();
  writeWork(play);
  if (!(await playAfterwards(play))) return cancelled();
  if (!(await play.think())) return cancelled();
  return limited(play) ?? answered(play);
}

function limited(play: Play): SessionEnd | null {
  const { spec, fault } = play;
  const { costUsd, turns } = spending(play);
  if (spec.limits.usd !== null && costUsd > spec.limits.usd) {
    return {
      kind: "limit",
      which: "usd",
      message: `spent ${costUsd} of ${spec.limits.usd} USD`,
      retry: "never",
    };
  }
  if (fault === "turns" || turns > spec.limits.turns) {
    return {
      kind: "limit",
      which: "turns",
      message: `reached the limit of ${spec.limits.turns} turns`,
      retry: "backoff",
    };
  }
  return null;
}

function answered(play: Play): SessionEnd {
  const { spec, facts, fault, denials, emit, scenario } = play;
  if (fault === "blocked") {
    return { kind: "blocked", text: "The writes were refused.", denials, retry: "never" };
  }
  const text = closingReport(facts, scenario.seed ?? "");
  emit({ type: "text", text });
  if (spec.schema === undefined) return { kind: "ok", text, denials };
  if (fault === "prose") {
    return {
      kind: "limit",
      which: "structured",
      message: "answered in prose instead of the schema",
      retry: "backoff",
    };
  }
  const answer = structuredAnswer({ facts, schema: spec.schema, scenario, sample: spec.part });
  return { kind: "ok", text, structured: spoilAnswer(answer, fault), denials };
}

/** Costs a few cents, rising with nothing but chance; `overspend` goes beyond the session's limit. */
function spending(play: Play): { readonly costUsd: number; readonly turns: number } {
  const { spec, facts, fault, scenario } = play;
  const random = randomOf(`${scenario.seed ?? ""}/${spec.seed ?? spec.id}/cost`);
  const usual = settingsFor(scenario, facts).usd ?? Math.round(random.between(0.008, 0.045) * 10000) / 10000;
  const costUsd = fault === "overspend" ? Math.max(usual, (spec.limits.usd ?? usual) * 1.25) : usual;
  return { costUsd, turns: random.whole(2, 6) };
}

/** A prompt without our header is played from the session's own fields. */
function factsOf(spec: SessionSpec): PromptFacts {
  const facts = readPrompt(spec.prompt);
  if (facts !== null) return facts;
  const header = [
    `signalbox-task: ${spec.purpose}`,
    `workflow: ${spec.workflow}`,
    `deliverable: ${spec.subject}`,
  ];
  const rest = [
    `role: ${spec.role}`,
    `round: ${spec.round}`,
    `artifact: ${spec.artifact ?? "none"}`,
    "",
    spec.prompt,
  ];
  const built = readPrompt([...header, ...rest].join("\n"));
  if (built === null) throw new Error(`session ${spec.id} has no task that can be played`);
  return built;
}
