/** Guards that are switched off one at a time: each must be noticed by an invariant. */
import type { Edit } from "../support/edited.ts";

export interface Mutation {
  /** What does not hold any more. */
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Invariants that notice it, most often the first. */
  readonly caughtBy: readonly string[];
  /** A history in which it is noticed. */
  readonly seed: number;
}

const CORE = "src/core/workflow";
const WORLD = "test/simulation/world";

function one(
  name: string,
  file: string,
  from: string,
  to: string,
  caughtBy: readonly string[],
  seed: number,
): Mutation {
  return { name, edits: [{ file, from, to }], caughtBy, seed };
}

export const MUTATIONS: readonly Mutation[] = [
  one(
    "what a branch holds goes with it",
    `${WORLD}/commits.ts`,
    "const found = this.refs.get(ref);\n      if (found !== null && found !== commit) continue;\n      this.refs.set(ref, commit);\n      return ref;",
    "return ref;",
    ["S1"],
    1,
  ),
  one(
    "a merge takes the branch of the slot as it is, approved or not",
    `${CORE}/advance.ts`,
    "  fillPlaces,\n  queueMerges,",
    '  fillPlaces,\n  (draft: Draft) => { for (const d of Object.values(draft.state.deliverables)) if (d.commit !== undefined && d.step !== "merged" && d.approval === undefined && !draft.state.integrations.some((i) => i.type === "merge" && i.subject === d.id)) { draft.emit({ type: "deliverable.approved", subject: d.id, approval: { commit: d.commit, round: 1, score: null, by: "gate", kind: "PASS", at: draft.at } }); draft.move(d.id, "merge"); } },\n  queueMerges,',
    ["S4"],
    1,
  ),
  one(
    "a merge takes in more than what was approved",
    "src/engine/build-merges.ts",
    "if (await repository.isAncestor(commit, onto)) return { subject, mergeCommit: onto };",
    'commit = await repository.buildFilesCommit(commit, [{ path: "src/late.ts", content: "1" }], memberText(state(), effect, subject));',
    ["S2"],
    1,
  ),
  one(
    "a change that was carried out is not looked for",
    "src/engine/perform-integrate.ts",
    'if (done === null) return failed(effect, { reason: "foreign-ref", found: tip });',
    'if (done !== null || tip === null) return failed(effect, { reason: "foreign-ref", found: tip });\n  return publish(deps, { effect, state: () => { throw new Error(workflow); } } as never, branch, { parent: tip, mergeCommit: null });',
    ["S3", "S15", "S16"],
    1,
  ),
  one(
    "the branch moves without compare-and-swap",
    `${WORLD}/repository.ts`,
    "if (found !== expected) return { ok: false as const, found };",
    "",
    ["S2", "S3", "S16", "S1"],
    1,
  ),
  one(
    "a panel passes whatever its answers say",
    "src/core/quality/panel.ts",
    "const passes = reaches(result.composite, gate.threshold) && result.passing >= needed;",
    "const passes = needed > 0;",
    ["S4"],
    1,
  ),
  one(
    "a clear fail of one judge is outvoted",
    "src/core/quality/panel.ts",
    "if (clear !== undefined) return clearFail(gate, valid, clear);",
    "if (clear === null) return clearFail(gate, valid, clear);",
    ["S4"],
    1,
  ),
  one(
    "failing checks are nobody's finding",
    `${CORE}/decide-checks.ts`,
    "if (findings.length === 0) {",
    "if (findings.length >= 0) {",
    ["S4"],
    1,
  ),
  one(
    "critics read the base instead of the work",
    "src/engine/perform-session.ts",
    "addReviewWorktree(state.id, place.commit)",
    "addReviewWorktree(state.id, state.plan.base.commit)",
    ["S5"],
    1,
  ),
  one(
    "all sessions share one conversation",
    "src/engine/perform-session.ts",
    "effect.dispatched ?? continued ?? deps.ids.uuid();",
    'effect.dispatched ?? continued ?? "the only one";',
    ["S7"],
    1,
  ),
  one(
    "a session starts before its dispatch is durable",
    "src/engine/perform-session.ts",
    "if (effect.dispatched === undefined) {",
    "if (effect.dispatched === null) {",
    ["S6"],
    1,
  ),
  one(
    "the host starts an id again",
    `${WORLD}/host.ts`,
    "if (this.#sessions.has(spec.id) || this.#refused.has(spec.id)) return;",
    "if (this.#refused.has(spec.id)) return;",
    ["S6"],
    1,
  ),
  one(
    "a session that runs is tried again",
    `${CORE}/effect-id.ts`,
    "return running?.id ??",
    "return running === null ? base :",
    ["S7", "S8", "S9", "S6", "S15"],
    25,
  ),
  one(
    "money that running sessions hold is not counted",
    `${CORE}/budget.ts`,
    "const left = (usd - spent - held) / among;",
    "const left = (usd - spent - held * 0) / Math.min(among, 1);",
    ["S8"],
    1,
  ),
  one(
    "the number of sessions has no limit",
    `${CORE}/budget.ts`,
    "return limit !== null && state.spend.sessions >= limit;",
    "return limit !== null && state.spend.sessions >= limit * 10;",
    ["S9"],
    1,
  ),
  one(
    "more agents start than there are places",
    `${CORE}/next-effects.ts`,
    "const places = agentPlaces(state) - runningSessions(state).length;",
    "const places = agentPlaces(state) + 1 - runningSessions(state).length;",
    ["S9"],
    1,
  ),
  one(
    "the next stage opens while a checkpoint waits",
    `${CORE}/advance.ts`,
    'if (state.questions.some((q) => q.kind === "checkpoint" || q.kind === "phase-gate" || q.kind === "barrier"))',
    'if (state.questions.some((q) => q.kind === "phase-gate" || q.kind === "barrier"))',
    ["S10"],
    1,
  ),
  one(
    "a stale writer is not fenced",
    "src/adapters/journal/memory.ts",
    'if (generation !== it.generation || !it.held) return { ok: false, reason: "fenced", head };\n    if (expected !== head) return { ok: false, reason: "conflict", head };',
    "if (expected < 0) throw new Error();",
    ["S11", "S12", "S3"],
    19,
  ),
  one(
    "a clock that was set back is believed",
    `${CORE}/decide.ts`,
    "return toMs(at) < toMs(last) ? last : at;",
    "return toMs(at) < toMs(last) ? at : at;",
    ["S11"],
    1,
  ),
  one(
    "the loop forgets an event",
    "src/engine/loop.ts",
    "for (const event of events) state = evolve(state, event);",
    'for (const event of events) if (event.type !== "logged") state = evolve(state, event);',
    ["S12"],
    1,
  ),
  one(
    "documents tell the state before their change",
    "src/engine/perform-integrate.ts",
    "deps.documents.render(predicted),",
    "deps.documents.render(state()),",
    ["S13"],
    1,
  ),
  one(
    "an end that was told before counts again",
    `${CORE}/decide-session.ts`,
    'if (record === undefined || record.status === "ENDED") return stale(command.effect);',
    "if (record === undefined) return stale(command.effect);",
    ["S14"],
    1,
  ),
  one(
    "nobody wakes what was delayed",
    `${CORE}/next-effects.ts`,
    "...timers(state),",
    "...timers(state).slice(1),",
    ["S15"],
    1,
  ),
  one(
    "sessions that nobody waits for run on",
    `${CORE}/next-effects.ts`,
    "...stopEffects(state, wishes),",
    "...stopEffects(state, wishes).slice(1_000),",
    ["S16", "S7", "S15"],
    1,
  ),
  one(
    "replaced attempts keep their worktrees",
    `${CORE}/next-effects.ts`,
    "return [...present, ...(d.abandoned ?? [])]",
    "return [...present, ...(d.abandoned ?? []).slice(1_000)]",
    ["S17"],
    1,
  ),
  one(
    "a rule keeps the lines of one side only",
    "src/core/conflicts/resolve-conflicts.ts",
    'return lost === null ? { path, by: "union", content } : { path, because: lost };',
    'return lost === null ? { path, by: "union", content: sides.ours } : { path, because: lost };',
    ["S18"],
    11,
  ),
];
