/** States made by hand, one deed after another; every deed takes one minute. */
import type { Plan, PlannedDeliverable, PlannedPhase } from "../../src/core/plan/plan.ts";
import type { Approval, DeliverableState, Step } from "../../src/core/workflow/deliverable.ts";
import { evolve } from "../../src/core/workflow/evolve.ts";
import { initialState } from "../../src/core/workflow/initial.ts";
import type { Question } from "../../src/core/workflow/question.ts";
import type { Finding, Round } from "../../src/core/workflow/round.ts";
import type { CheckpointEntry } from "../../src/core/workflow/stage-state.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { crossPollinatedPlan, sequentialPlan } from "./plans.ts";

export { crossPollinatedPlan, sequentialPlan };

/** `aWorkflow().merged("agent-a-001").running("agent-b-001", "judge").build()`. */
export function aWorkflow(plan: Plan = crossPollinatedPlan()): StateBuilder {
  return new StateBuilder(plan);
}

export class StateBuilder {
  private state: WorkflowState;
  private minute = 0;
  private readonly plan: Plan;

  constructor(plan: Plan) {
    this.plan = plan;
    this.state = { ...initialState(plan, plan.workflow.createdAt), seq: 1 };
    this.log("PLAN_CREATED", "by tester");
  }

  /** Opens the first stage. */
  started(): this {
    this.set({ startedAt: this.tick(), planApproved: true, head: commitOf("head") });
    return this.opened(0);
  }

  /** Makes the deliverables of a stage ready. */
  opened(stage: number): this {
    const now = this.tick();
    const planned = this.plan.stages[stage];
    this.set({ openings: { ...this.state.openings, [stage]: commitOf(`opening-${stage}`) } });
    for (const one of this.plan.deliverables.filter((d) => d.stage === stage)) this.step(one.id, "ready");
    if (planned?.kind === "barrier") {
      const before = this.state.barriers[planned.id];
      if (before === undefined) throw new Error(planned.id);
      this.set({
        barriers: {
          ...this.state.barriers,
          [planned.id]: { ...before, status: "IN_PROGRESS", startedAt: now },
        },
      });
    }
    return this.log(
      planned === undefined ? "SYNTHESIS_STARTED" : `${planned.id.toUpperCase().replace("-", "_")}_STARTED`,
      planned?.name ?? "",
    );
  }

  step(id: string, step: Step, patch: Partial<DeliverableState> = {}): this {
    const before = this.deliverable(id);
    return this.set({ deliverables: { ...this.state.deliverables, [id]: { ...before, step, ...patch } } });
  }

  /** At work in the round after those with the given scores. */
  running(id: string, step: Step = "create", scores: readonly number[] = []): this {
    const started = this.tick();
    const { epoch } = this.deliverable(id);
    const lost = this.rounds(id, scores).map((round) =>
      round.epoch === epoch ? { ...round, verdict: "REVISE" as const } : round,
    );
    const rounds = [...lost, this.round(id, scores.length + 1)];
    return this.step(id, step, {
      attempt: 1,
      startedAt: started,
      rounds,
      branch: `${this.plan.layout.branchPrefix}/${id}.1.1`,
    });
  }

  /** Merged after rounds with the given scores, the last one approved. */
  merged(
    id: string,
    scores: readonly number[] = this.passingScores(id),
    kind: Approval["kind"] = "PASS",
  ): this {
    const startedAt = this.tick();
    const planned = this.planned(id);
    const rounds = this.rounds(id, scores);
    const at = this.tick();
    const decision =
      kind === "PASS"
        ? undefined
        : this.decided(id, kind === "WAIVED" ? "accept" : "approve", "good enough for now");
    return this.step(id, "merged", {
      attempt: 1,
      startedAt,
      rounds,
      commit: commitOf(id),
      mergeCommit: commitOf(`merge-${id}`),
      completedAt: at,
      summary: `${planned.title} done | with a pipe`,
      ...(planned.makes.kind === "file" ? { artifact: planned.makes.path } : {}),
      approval: {
        commit: commitOf(id),
        round: scores.length,
        score: scores.at(-1) ?? null,
        by: kind === "PASS" ? "gate" : "person",
        ...(decision === undefined ? {} : { decision }),
        kind,
        at,
      },
    });
  }

  /** All rounds used up, a person is asked. */
  escalated(id: string, scores: readonly number[] = [0.86, 0.88, 0.9]): this {
    const startedAt = this.tick();
    const rounds = this.rounds(id, scores).map((round, index, all) =>
      index === all.length - 1
        ? { ...round, verdict: "ESCALATED" as const, reason: "3 of 3 rounds used" }
        : round,
    );
    this.step(id, "waiting", { attempt: 1, startedAt, rounds, commit: commitOf(id) });
    const question = this.ask("escalation", id, "0.900 after 3 rounds, 0.92 is needed", [
      "accept",
      "guide",
      "write",
      "back",
      "cancel",
    ]);
    const number = this.state.counters.blocker + 1;
    return this.set({
      counters: { ...this.state.counters, blocker: number },
      blockers: [
        ...this.state.blockers,
        {
          id: `BLK-${pad(number)}`,
          description: `${id} did not reach its threshold`,
          blocking: [id],
          severity: "HIGH",
          owner: "user",
          createdAt: this.tick(),
          question,
        },
      ],
    });
  }

  failed(id: string, error = "artifact missing"): this {
    const startedAt = this.tick();
    this.step(id, "failed", { attempt: 3, startedAt, error });
    this.ask("failure", id, `${id} failed: ${error}`, ["retry", "skip", "write"]);
    return this;
  }

  /** At work, with a question of its session open and something that looks wrong in it. */
  asking(id: string, text = "Which size?"): this {
    this.running(id);
    const session = `${this.state.id}/1/${id}/1/create.r1.t1`;
    this.ask("agent", id, text, ["answer"], { id: session, number: 1, choices: [text, "small"] });
    this.ask("trouble", id, `loops: Bash ${text}, 5 times`, ["continue", "stop", "say"], {
      id: session,
      number: 1,
      trouble: "loop",
      since: this.tick(),
    });
    return this;
  }

  /** Ended by a person; its work is kept. */
  stopped(id: string, reason = "wrong approach"): this {
    this.running(id);
    this.step(id, "waiting");
    this.ask("stopped", id, `ada stopped it (${reason}): it had written nothing`, [
      "continue",
      "retry",
      "write",
      "skip",
    ]);
    return this;
  }

  ask(
    kind: Question["kind"],
    subject: string,
    reason: string,
    options: Question["options"],
    session?: Question["session"],
  ): string {
    const number = this.state.counters.question + 1;
    const id = `Q-${pad(number)}`;
    this.set({
      counters: { ...this.state.counters, question: number },
      questions: [
        ...this.state.questions,
        {
          id,
          kind,
          subject,
          askedAt: this.tick(),
          reason,
          options,
          ...(session === undefined ? {} : { session }),
        },
      ],
    });
    return id;
  }

  decided(subject: string, word: "accept" | "approve" | "reject" | "guide", text: string): string {
    const number = this.state.counters.decision + 1;
    const id = `RD-${pad(number)}`;
    this.set({
      counters: { ...this.state.counters, decision: number },
      decisions: [
        ...this.state.decisions,
        { id, question: null, subject, word, text, by: "ada", at: this.tick(), constraint: false },
      ],
    });
    return id;
  }

  /** Completes the barrier or the gate of a stage and reaches its checkpoint. */
  closed(stage: number, answer: "APPROVED" | "AWAITING" = "APPROVED"): this {
    const planned = this.plan.stages[stage];
    if (planned === undefined) throw new Error(`no stage ${stage}`);
    const at = this.tick();
    if (planned.kind === "barrier") {
      const before = this.state.barriers[planned.id];
      if (before === undefined) throw new Error(planned.id);
      this.set({
        barriers: {
          ...this.state.barriers,
          [planned.id]: { ...before, status: "COMPLETE", completedAt: at },
        },
      });
    } else this.gatePassed(planned, at);
    this.log(`${planned.id.toUpperCase().replace("-", "_")}_COMPLETE`, planned.name);
    if (planned.checkpoint !== null) this.reached(planned.checkpoint, answer);
    return this;
  }

  reached(id: string, answer: "APPROVED" | "AWAITING" = "APPROVED"): this {
    const planned = this.plan.checkpoints.find((one) => one.id === id);
    if (planned === undefined) throw new Error(`no checkpoint ${id}`);
    const at = this.tick();
    const approval =
      planned.approval === undefined
        ? {}
        : {
            approval:
              answer === "AWAITING"
                ? { status: answer }
                : { status: answer, by: "ada", at: this.tick(), notes: "fine" },
          };
    const entry: CheckpointEntry = {
      id,
      at,
      trigger: planned.trigger,
      position: planned.position,
      recoveryPoint: planned.recoveryPoint,
      description: planned.name,
      epoch: this.state.epoch,
      commit: commitOf(id),
      rolledBack: false,
      ...approval,
    };
    this.set({ checkpoints: [...this.state.checkpoints, entry] });
    if (answer === "AWAITING" && planned.approval !== undefined)
      this.ask("checkpoint", id, planned.approval, ["approve", "reject"]);
    return this;
  }

  /** Everything before a stage is done, and the stage is open. */
  upTo(stage: number): this {
    this.started();
    for (let index = 0; index < stage; index += 1) {
      if (index > 0) this.opened(index);
      for (const one of this.plan.deliverables.filter((d) => d.stage === index)) this.merged(one.id);
      this.closed(index);
    }
    return stage === 0 || stage >= this.plan.stages.length ? this : this.opened(stage);
  }

  /** Back to the start of a stage in a new epoch, by the core's own fold. */
  rewound(stage: number): this {
    const { epoch } = this.state;
    this.state = evolve(this.state, {
      at: this.tick(),
      type: "workflow.rewound",
      stage,
      epoch: epoch + 1,
      checkpoint: null,
      keepFiles: true,
      reason: "rejected",
    });
    return this.log("REWOUND", `epoch ${epoch + 1}`);
  }

  finished(): this {
    this.upTo(this.plan.stages.length);
    const at = this.tick();
    this.log("WORKFLOW_COMPLETE", "all done");
    return this.set({ status: "COMPLETE", finishApproved: true, completedAt: at });
  }

  log(event: string, details: string): this {
    return this.set({ log: [...this.state.log, { at: this.tick(), event, details }] });
  }

  set(patch: Partial<WorkflowState>): this {
    this.state = { ...this.state, ...patch, seq: this.state.seq + 1, updatedAt: this.tick() };
    return this;
  }

  build(): WorkflowState {
    return this.state;
  }

  private gatePassed(phase: PlannedPhase, at: string): void {
    const criteria = [...phase.exit, ...phase.conditions].map((criterion) => ({
      criterion,
      met: true,
      evidence: "seen in the artifact",
      by: "adv-scorer",
    }));
    this.set({
      phaseGates: { ...this.state.phaseGates, [phase.id]: { id: phase.id, status: "PASS", criteria, at } },
    });
  }

  /** Decided rounds of this epoch; those of earlier ones stay before them. */
  private rounds(id: string, scores: readonly number[]): readonly Round[] {
    const { epoch, rounds } = this.deliverable(id);
    return [...rounds.filter((round) => round.epoch !== epoch), ...this.decidedRounds(id, scores)];
  }

  private decidedRounds(id: string, scores: readonly number[]): readonly Round[] {
    return scores.map((score, index) => {
      const verdict = index < scores.length - 1 ? (score >= 0.92 ? "HARDEN" : "REVISE") : "PASS";
      return this.decidedRound(id, index + 1, score, verdict);
    });
  }

  private decidedRound(
    id: string,
    number: number,
    score: number,
    verdict: "HARDEN" | "REVISE" | "PASS",
  ): Round {
    const planned = this.planned(id);
    const started = this.round(id, number);
    const findings: readonly Finding[] = [1, 2, 3].map((n) => ({
      id: `F-${number}-${n}`,
      type: n === 1 ? "BLIND_SPOT" : "WEAK_ASSUMPTION",
      severity: n === 1 ? "HIGH" : "LOW",
      source: "critic:ps-critic",
      section: "Summary",
      evidence: `claim ${n} has no source | or two`,
      action: "cite it",
      resolved: verdict === "PASS" || n > 1,
    }));
    const panels = planned.gate.reviewers.map(({ role }, index) => ({
      reviewer: role,
      composite: round3(score + index * 0.01),
      dimensions: Object.fromEntries(
        planned.gate.rubric.map((d, i) => [d.key, round3(Math.min(1, score + i * 0.001))]),
      ),
      spread: 0.01,
      samples: 3,
      passing: score >= 0.92 ? 3 : 0,
    }));
    return {
      ...started,
      endedAt: this.tick(),
      commit: commitOf(`${id}-${number}`),
      ...(planned.makes.kind === "file" ? { artifact: planned.makes.path } : {}),
      ...(number === 1 ? {} : { revision: `answers the findings of round ${number - 1}` }),
      selfReview: true,
      patternsUsed: planned.gate.patterns,
      strategiesUsed: planned.gate.strategies.order,
      findings,
      panels,
      score,
      displayScore: round3(panels.reduce((sum, p) => sum + p.composite, 0) / Math.max(1, panels.length)),
      band: score >= 0.92 ? "PASS" : score >= 0.85 ? "REVISE" : "REJECTED",
      verdict,
      reason: verdict === "HARDEN" ? "min-rounds" : `${score} against 0.92`,
    };
  }

  private round(id: string, number: number): Round {
    const { epoch } = this.deliverable(id);
    return {
      round: number,
      attempt: 1,
      epoch,
      startedAt: this.tick(),
      patternsUsed: [],
      strategiesUsed: [],
      findings: [],
      samples: [],
      panels: [],
    };
  }

  private passingScores(id: string): readonly number[] {
    const { min, max } = this.planned(id).gate.loop;
    return [0.88, 0.925, 0.934].slice(-Math.max(min, Math.min(2, max)));
  }

  private planned(id: string): PlannedDeliverable {
    const found = this.plan.deliverables.find((one) => one.id === id);
    if (found === undefined) throw new Error(`no deliverable ${id}`);
    return found;
  }

  private deliverable(id: string): DeliverableState {
    const found = this.state.deliverables[id];
    if (found === undefined) throw new Error(`no deliverable ${id}`);
    return found;
  }

  private tick(): string {
    this.minute += 1;
    const at = new Date(Date.parse(this.plan.workflow.createdAt) + this.minute * 60_000);
    return `${at.toISOString().slice(0, 19)}Z`;
  }
}

/** A made-up commit id that is always the same for the same name. */
export function commitOf(name: string): string {
  let hash = 7;
  for (const char of name) hash = (hash * 31 + char.charCodeAt(0)) % 0xffff_ffff;
  return hash.toString(16).padStart(8, "0").repeat(5);
}

function pad(number: number): string {
  return String(number).padStart(3, "0");
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
