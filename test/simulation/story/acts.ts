/** What agents, critics and judges do in a history. */

import { effectiveGate } from "../../../src/core/workflow/effective-gate.ts";
import type { SessionEnd } from "../../../src/core/workflow/outcome.ts";
import { requireDeliverable } from "../../../src/core/workflow/queries.ts";
import type { WorkflowState } from "../../../src/core/workflow/state.ts";
import type { SessionSpec } from "../../../src/ports/session-host.ts";
import { JUDGE_FAULTS } from "../../acceptance/judge-faults.ts";
import { goodAnswer } from "../../builders/world.ts";
import type { Dice } from "../world/dice.ts";
import type { MemoryRepository } from "../world/repository.ts";
import type { Act } from "../world/session.ts";
import type { AgentFault } from "./faults.ts";

/** What a judge says of the work when nothing is wrong with the judge. */
export type Opinion = "good" | "poor" | "close" | "critical";

/** Everything that a judge can do wrong, beside opinions that work deserves. */
export const JUDGE_FAULT_NAMES: readonly string[] = ["late", ...JUDGE_FAULTS.map(({ name }) => name)];

/** The file of the world for which there is a rule. */
const CHANGE_LOG = "CHANGELOG.md";

export interface Scene {
  readonly spec: SessionSpec;
  readonly state: WorkflowState;
  readonly repository: MemoryRepository;
  readonly dice: Dice;
  readonly fault: AgentFault | undefined;
  readonly judgeFault: string | undefined;
}

export function actOf(scene: Scene): Act {
  const { spec, dice } = scene;
  const act = spec.purpose === "judge" ? judge(scene) : makerOrCritic(scene);
  const durationMs = Math.round(2_000 * 300 ** dice.roll(`duration ${spec.id}`));
  return faulty({ durationMs, costUsd: costOf(scene), turns: 3, ...act }, scene);
}

/** The panel's honest part: what this judge thinks of this work. Revised work is better. */
export function opinionOf(dice: Dice, { subject, round, id }: SessionSpec): Opinion {
  if (dice.chance(`strict ${id}`, 0.06)) return dice.chance(`critical ${id}`, 0.3) ? "critical" : "poor";
  const doubt = dice.roll(`work ${subject} ${round}`) + (dice.roll(`judge ${id}`) - 0.5) * 0.3;
  if (doubt < 0.12) return "poor";
  if (doubt < 0.17) return "critical";
  if (doubt < 0.27) return "close";
  return "good";
}

/** Composite of an opinion; the threshold of the plans is 0.92. */
export const SCORES: Readonly<Record<Opinion, number>> = {
  good: 0.96,
  poor: 0.7,
  close: 0.9,
  critical: 0.97,
};

function judge({ spec, state, dice, judgeFault }: Scene): Partial<Act> & { readonly end: SessionEnd } {
  const gate = effectiveGate(state, requireDeliverable(state, spec.subject));
  const fault = JUDGE_FAULTS.find(({ name }) => name === judgeFault);
  if (fault?.applies(gate)) return { end: fault.end(gate), worthless: true };
  const opinion = opinionOf(dice, spec);
  const critical = {
    type: "CONTRADICTION",
    severity: "CRITICAL",
    section: "L1",
    evidence: "see line 3",
    action: "correct it",
  };
  const findings = opinion === "critical" ? [critical] : [];
  const structured = goodAnswer(state, spec, { score: SCORES[opinion], findings });
  return { end: { kind: "ok", text: "", structured, denials: [] } };
}

function makerOrCritic({
  spec,
  state,
  repository,
  fault,
  dice,
}: Scene): Partial<Act> & { readonly end: SessionEnd } {
  const structured = goodAnswer(state, spec);
  const review = fault === "no self-review" ? "" : "\nSelf-review:\n- nothing found";
  const end: SessionEnd = {
    kind: "ok",
    text: `Summary: done with ${spec.subject}.${review}`,
    denials: [],
    ...(structured === undefined ? {} : { structured }),
  };
  if (spec.boundary === null || fault === "no artifact") return { end };
  const { rejoin } = state.deliverables[spec.subject] ?? {};
  if (rejoin?.why === "conflict") return { end, work: () => joinBoth(repository, dice, spec, rejoin.files) };
  const file = spec.artifact ?? (fault === "conflicts" ? "src/shared.ts" : `src/${spec.subject}.ts`);
  const text = `${spec.subject}, round ${spec.round}, ${spec.conversation}\n`.repeat(3);
  return {
    end,
    work: () => {
      repository.put(spec.cwd, file, text);
      if (fault === "strays") repository.put(spec.cwd, "orchestration/elsewhere.md", text);
      if (fault === "conflicts") repository.put(spec.cwd, "src/shared.ts", text);
      if (spec.artifact === undefined && dice.chance(`log ${spec.id}`, 0.6)) addToLog(repository, spec);
    },
  };
}

/** Takes the marks out; now and then what one side wrote goes with them. */
function joinBoth(
  repository: MemoryRepository,
  dice: Dice,
  { id, cwd }: SessionSpec,
  files: readonly string[],
): void {
  const drops = dice.chance(`drops ${id}`, 0.4);
  for (const file of files) {
    const content = repository.filesAt(cwd)?.get(file);
    const text = content === undefined ? "" : repository.objects.read(content);
    const [ours = "", theirs = ""] = text.replace(/^(?:<<<<<<<|>>>>>>>).*\n/gm, "").split("=======\n");
    repository.put(cwd, file, drops ? theirs : `${ours}${theirs}`);
  }
}

/** A line at the end of a file that everybody writes to. */
function addToLog(repository: MemoryRepository, { cwd, subject, round }: SessionSpec): void {
  const id = repository.filesAt(cwd)?.get(CHANGE_LOG);
  const before = id === undefined ? "" : repository.objects.read(id);
  repository.put(cwd, CHANGE_LOG, `${before}- ${subject}, round ${round}\n`);
}

function costOf({ spec, dice, fault }: Scene): number | null {
  if (fault === "unknown cost") return null;
  if (fault === "overspends") return 50;
  const dear = dice.chance(`dear ${spec.id}`, 0.08) ? 20 : 1;
  return (Math.round(dice.roll(`cost ${spec.id}`) * 15) / 100) * dear;
}

function faulty(act: Act, { fault, judgeFault }: Scene): Act {
  if (judgeFault === "late") return { ...act, durationMs: act.durationMs * 20 };
  switch (fault) {
    case "killed":
      return { ...act, costUsd: null, end: { kind: "crashed", message: "signal SIGKILL", retry: "backoff" } };
    case "silent":
      return { ...act, hangs: "silent" };
    case "hangs":
      return { ...act, hangs: "started" };
    case "late":
      return { ...act, durationMs: act.durationMs * 20 };
    case "asks":
      return { ...act, asks: [{ kind: "agent", question: "Which one?", choices: ["the small one"] }] };
    case "asks for permission":
      return {
        ...act,
        asks: [{ kind: "permission", question: "", choices: [], tool: "Bash", target: "npm install" }],
      };
    case "denied":
      return {
        ...act,
        end: {
          kind: "blocked",
          text: "Self-review: none",
          denials: [{ tool: "Write", target: "x" }],
          retry: "never",
        },
      };
    case "logged out":
      return { ...act, end: api("auth", "never") };
    case "usage window":
      return { ...act, end: api("usage-window", { afterMs: 1_800_000 }) };
    case "overloaded":
      return { ...act, end: api("overloaded", "backoff") };
    case "refused":
      return { ...act, end: api("bad-request", "never") };
    default:
      return act;
  }
}

function api(
  errorClass: Extract<SessionEnd, { kind: "api" }>["errorClass"],
  retry: Extract<SessionEnd, { kind: "api" }>["retry"],
): SessionEnd {
  return { kind: "api", errorClass, status: null, message: errorClass, retry };
}
