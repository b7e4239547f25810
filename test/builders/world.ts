/**
 * A world without I/O around the pure core: every effect is answered at once from a script, time moves only for timers.
 * Tests say what agents do; the rules under test decide the rest.
 */
import { addMs } from "../../src/core/instant.ts";
import type { MergeForecast } from "../../src/core/merging/order.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { lensesOf } from "../../src/core/quality/lenses.ts";
import type { CommandBody, MergedMember } from "../../src/core/workflow/command.ts";
import { type Decision, decide } from "../../src/core/workflow/decide.ts";
import type { Effect, OrderEffect, SessionEffect } from "../../src/core/workflow/effect.ts";
import { effectiveGate } from "../../src/core/workflow/effective-gate.ts";
import type { WorkflowEvent } from "../../src/core/workflow/event.ts";
import { evolve } from "../../src/core/workflow/evolve.ts";
import { handoffSources } from "../../src/core/workflow/handoff-sources.ts";
import type { Integration } from "../../src/core/workflow/integration.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import type { ChangedFile, CheckResult, JoinedReport, SessionEnd } from "../../src/core/workflow/outcome.ts";
import { requireDeliverable, requirePlanned } from "../../src/core/workflow/queries.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";

export interface Script {
  /** Score of every dimension; undefined = 0.95. */
  readonly score?: (effect: SessionEffect) => number | undefined;
  /** Any end instead of the good one. */
  readonly end?: (effect: SessionEffect, world: World) => SessionEnd | undefined;
  /** True where the conversation of a crashed session can be continued; default not. */
  readonly keepsCrashed?: boolean;
  /** What a session costs; undefined = 0.01 USD, null = nobody knows. */
  readonly cost?: (effect: SessionEffect) => number | null | undefined;
  readonly findings?: (effect: SessionEffect) => readonly object[];
  readonly files?: (subject: string) => readonly ChangedFile[];
  readonly checks?: (subject: string) => readonly CheckResult[];
  /** Size of the artifact after a commit; undefined = 1000. */
  readonly artifactBytes?: (subject: string, round: number) => number | null | undefined;
  /** Folders that a commit leaves out; undefined = none. */
  readonly nested?: (subject: string, round: number) => readonly string[] | undefined;
  /** What became of both sides in work that went back to its creator; undefined = both are there. */
  readonly joined?: (subject: string, round: number) => JoinedReport | undefined;
  /** An integration that fails. */
  readonly integration?: (effect: Extract<Effect, { kind: "integrate" }>) => CommandBody | undefined;
  /** What merging a slot would do; default nothing conflicts. */
  readonly forecast?: (subject: string) => Partial<MergeForecast> | undefined;
  /** Which of the outstanding effects is answered next; default the first. */
  readonly pick?: (effects: readonly Effect[]) => number;
}

export class World {
  readonly script: Script;
  readonly events: WorkflowEvent[] = [];
  readonly done: Effect[] = [];
  state: WorkflowState | null = null;
  at = "2026-02-20T10:00:00Z";
  #commits = 0;

  constructor(plan: Plan, script: Script = {}) {
    this.script = script;
    this.submit({ type: "create", plan, by: "ana" });
  }

  get now(): WorkflowState {
    if (this.state === null) throw new Error("no state");
    return this.state;
  }

  /** Applies a command; rejections are returned, not thrown. */
  submit(body: CommandBody): Decision {
    const decision = decide(this.state, { at: this.at, ...body });
    if (!decision.ok) return decision;
    for (const event of decision.events) {
      this.events.push(event);
      this.state = evolve(this.state, event);
    }
    return decision;
  }

  /** Answers effects until none is left or `until` holds. */
  run(until: (state: WorkflowState) => boolean = () => false): WorkflowState {
    for (let steps = 0; steps < 5000; steps += 1) {
      if (until(this.now)) return this.now;
      const effects = nextEffects(this.now);
      if (effects.length === 0) return this.now;
      const effect = effects[this.script.pick?.(effects) ?? 0] ?? effects[0];
      if (effect !== undefined) this.answer(effect);
    }
    throw new Error(
      `no end in sight: ${nextEffects(this.now)
        .map((e) => e.id)
        .join(", ")}`,
    );
  }

  answer(effect: Effect): void {
    this.done.push(effect);
    for (const body of this.#outcomes(effect)) {
      const decision = this.submit(body);
      if (!decision.ok) throw new Error(`${effect.id}: ${decision.rejection.message}`);
    }
  }

  /** Starts a session without ending it. */
  dispatch(effect: SessionEffect): void {
    this.at = addMs(this.at, 1000);
    const conversation = effect.resume ?? `conversation-${this.events.length}`;
    const decision = this.submit({ type: "session-dispatched", effect: effect.id, conversation });
    if (!decision.ok) throw new Error(`${effect.id}: ${decision.rejection.message}`);
  }

  /** Answers effects until none is left but those sessions that run, of which as many start as may. */
  fill(): readonly SessionEffect[] {
    for (let steps = 0; steps < 500; steps += 1) {
      const effects = nextEffects(this.now);
      const next = effects.find(
        (e) => (e.kind !== "session" || e.dispatched === undefined) && e.kind !== "timer",
      );
      if (next === undefined) return effects.filter((e) => e.kind === "session");
      if (next.kind === "session") this.dispatch(next);
      else this.answer(next);
    }
    throw new Error("no end in sight");
  }

  commit(): string {
    this.#commits += 1;
    return this.#commits.toString(16).padStart(40, "0");
  }

  #outcomes(effect: Effect): readonly CommandBody[] {
    switch (effect.kind) {
      case "provision":
        return [{ type: "provisioned", effect: effect.id }];
      case "session":
        return this.#session(effect);
      case "commit":
        return [this.#committed(effect)];
      case "checks":
        return [
          {
            type: "checked",
            effect: effect.id,
            results: this.script.checks?.(effect.subject) ?? effect.checks.map(green),
          },
        ];
      case "integrate":
        return [
          this.script.integration?.(effect) ?? {
            type: "integrated",
            effect: effect.id,
            head: this.commit(),
            mergeCommit: ["merge", "sync"].includes(effect.integration.type) ? this.commit() : null,
            ...this.#also(effect.integration),
          },
        ];
      case "join":
        return [
          {
            type: "joined",
            effect: effect.id,
            commit: this.commit(),
            files: this.#conflicting(effect.subject),
            sides: [],
          },
        ];
      case "order":
        return [{ type: "ordered", effect: effect.id, forecasts: this.#forecasts(effect) }];
      case "cleanup":
        return [{ type: "cleaned", effect: effect.id }];
      case "stop":
        return [
          {
            type: "session-ended",
            effect: effect.session,
            outcome: { kind: "cancelled", reason: effect.reason, sessionId: "", usage: USAGE },
          },
        ];
      case "deliver":
        return [{ type: "delivered", effect: effect.id, problem: null }];
      case "timer":
        if (effect.at > this.at) this.at = effect.at;
        return [{ type: "woken", effect: effect.id }];
      default:
        return effect satisfies never;
    }
  }

  #also(integration: Integration): { readonly also?: readonly MergedMember[] } {
    if (integration.type !== "merge" || integration.together === undefined) return {};
    return { also: integration.together.map(({ subject }) => ({ subject, mergeCommit: this.commit() })) };
  }

  /** Nothing conflicts, unless the script says so. */
  #forecasts({ candidates }: OrderEffect): readonly MergeForecast[] {
    const { forecast } = this.script;
    return candidates.map((one) => ({
      ...one,
      conflicts: [],
      against: [],
      changes: 1,
      ...forecast?.(one.subject),
    }));
  }

  #joined(subject: string, round: number): { readonly joined?: JoinedReport } {
    if (this.now.deliverables[subject]?.rejoin === undefined) return {};
    return { joined: this.script.joined?.(subject, round) ?? { marks: [], dropped: [] } };
  }

  #conflicting(subject: string): readonly string[] {
    return this.now.deliverables[subject]?.rejoin?.files ?? [];
  }

  #session(effect: SessionEffect): readonly CommandBody[] {
    this.at = addMs(this.at, 1000);
    const continued = effect.fork === true ? undefined : effect.resume;
    const conversation = effect.dispatched ?? continued ?? `conversation-${this.events.length}`;
    const end = this.script.end?.(effect, this) ?? this.#goodEnd(effect);
    const sessionId = end.kind === "crashed" && this.script.keepsCrashed !== true ? "" : conversation;
    const cost = this.script.cost?.(effect);
    const usage = cost === undefined ? USAGE : { ...USAGE, costUsd: cost };
    const dispatch: readonly CommandBody[] =
      effect.dispatched === undefined
        ? [{ type: "session-dispatched", effect: effect.id, conversation }]
        : [];
    return [...dispatch, { type: "session-ended", effect: effect.id, outcome: { ...end, sessionId, usage } }];
  }

  #goodEnd(effect: SessionEffect): SessionEnd {
    const score = this.script.score?.(effect);
    const findings = this.script.findings?.(effect);
    const structured = goodAnswer(this.now, effect, {
      ...(score === undefined ? {} : { score }),
      ...(findings === undefined ? {} : { findings }),
    });
    return {
      kind: "ok",
      text: `Summary: done with ${effect.subject}.\nSelf-review:\n- nothing found`,
      denials: [],
      ...(structured === undefined ? {} : { structured }),
    };
  }

  #committed(effect: Extract<Effect, { kind: "commit" }>): CommandBody {
    const given =
      effect.artifact === undefined ? undefined : this.script.artifactBytes?.(effect.subject, effect.round);
    const bytes = given === undefined ? 1000 : given;
    const path = effect.artifact ?? "src/change.ts";
    const files =
      bytes === null ? [] : (this.script.files?.(effect.subject) ?? [{ path, change: "added" } as const]);
    return {
      type: "committed",
      effect: effect.id,
      report: {
        commit: files.length === 0 ? null : this.commit(),
        base: effect.base,
        files,
        strays: [],
        nested: this.script.nested?.(effect.subject, effect.round) ?? [],
        ...this.#joined(effect.subject, effect.round),
        ...(effect.artifact === undefined ? {} : { artifactBytes: bytes }),
      },
    };
  }
}

/** The structured answer of a good critic, judge or writer of a handoff; undefined for any other session. */
export function goodAnswer(
  state: WorkflowState,
  session: Pick<SessionEffect, "purpose" | "subject" | "part">,
  { score = 0.95, findings }: { readonly score?: number; readonly findings?: readonly object[] } = {},
): unknown {
  const planned = requirePlanned(state, session.subject);
  const gate = effectiveGate(state, requireDeliverable(state, session.subject));
  if (session.purpose === "critique") {
    const lenses = lensesOf(gate, { mode: planned.settings.critic.mode, part: session.part });
    return {
      patterns_used: lenses.patterns,
      strategies_used: lenses.strategies,
      findings: findings ?? minimalFindings(lenses.findings),
    };
  }
  if (session.purpose === "judge") {
    return {
      scores: Object.fromEntries(
        gate.rubric.map((d) => [d.key, { score, evidence: `section on ${d.name}` }]),
      ),
      criteria: Object.fromEntries(
        gate.criteria.map((_, i) => [`criterion_${i + 1}`, { verdict: "met", evidence: "section 2" }]),
      ),
      findings: findings ?? [],
    };
  }
  if (session.purpose !== "handoff") return undefined;
  return {
    task: "use the findings",
    purpose: "hand over",
    key_findings: ["one", "two", "three"],
    for_target: ["read them"],
    success_criteria: ["they are used"],
    artifacts: handoffSources(state, planned),
    blockers: [],
    confidence: 0.8,
    criticality: planned.criticality.effective,
  };
}

const USAGE = { costUsd: 0.01, turns: 3, durationMs: 1000 };

function green(check: { readonly name: string }): CheckResult {
  return { name: check.name, passed: true, redAtBase: false, exitCode: 0, timedOut: false, tail: "" };
}

export function aFinding(changes: object = {}): object {
  return {
    type: "BLIND_SPOT",
    severity: "LOW",
    section: "L1",
    evidence: "nothing on retries",
    action: "add it",
    ...changes,
  };
}

function minimalFindings(least: number): readonly object[] {
  if (least === 0) return [];
  return Array.from({ length: least }, (_, i) =>
    aFinding(i === 1 ? { type: "WEAK_ASSUMPTION", section: `L${i}` } : { section: `L${i}` }),
  );
}
