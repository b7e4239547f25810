/** The person of a history: answers what waits, most often sensibly, sometimes oddly; at the end always so that it goes on. */

import { accountOf } from "../../../src/core/workflow/budget.ts";
import type { CommandBody } from "../../../src/core/workflow/command.ts";
import { hasEnded, runningSessions } from "../../../src/core/workflow/queries.ts";
import type { DecisionWord, Question } from "../../../src/core/workflow/question.ts";
import type { WorkflowState } from "../../../src/core/workflow/state.ts";
import { underReview } from "../../../src/core/workflow/under-review.ts";
import type { Dice } from "../world/dice.ts";
import type { MemoryRepository } from "../world/repository.ts";
import type { PersonAct } from "./faults.ts";

const ANA = "ana";

/** What lets the work go on, best first. */
const HELPFUL: readonly DecisionWord[] = [
  "approve",
  "resume",
  "accept",
  "done",
  "land",
  "answer",
  "allow",
  "continue",
  "add",
  "waive",
  "rerun",
  "redo",
  "retry",
  "skip",
  "stop",
  "cancel",
];

/** After so many looks a person only wants to be done. */
const PATIENCE = 25;

export interface PersonParts {
  readonly dice: Dice;
  readonly repository: MemoryRepository;
}

/** A command for what waits, or null where nothing does. `look` counts how often the person has looked. */
export function answerFor(state: WorkflowState, look: number, parts: PersonParts): CommandBody | null {
  const blocker = state.blockers.find((one) => one.question === undefined);
  if (blocker !== undefined)
    return { type: "unblock", by: ANA, blocker: blocker.id, resolution: "it is solved" };
  const { dice } = parts;
  if (state.questions.length === 0) return state.status === "PAUSED" ? { type: "resume", by: ANA } : null;
  const question = dice.pick(`which ${look}`, state.questions);
  const remark = look < PATIENCE ? remarkOn(state, question.subject, look, dice) : null;
  if (remark !== null) return remark;
  return bodyOf(state, question, wordFor(question, look, dice), parts);
}

/** Now and then a person remarks on a line before anything else, or settles what was remarked on. */
function remarkOn(state: WorkflowState, subject: string, look: number, dice: Dice): CommandBody | null {
  const commit = underReview(state, subject)?.commit;
  if (commit === undefined || !dice.chance(`remark ${look}`, 0.2)) return null;
  const open = (state.deliverables[subject]?.comments ?? []).find((one) => one.resolved === undefined);
  if (open !== undefined && dice.chance(`settle ${look}`, 0.5))
    return { type: "resolve-comment", subject, comment: open.id, text: "fine now", by: ANA };
  const comment = { path: "src/a.ts", line: 1 + (look % 3), text: `why so, ${look}?` };
  return { type: "comment", subject, commit, comment, by: ANA };
}

function wordFor({ options }: Question, look: number, dice: Dice): DecisionWord {
  const odd = look < PATIENCE && dice.chance(`odd ${look}`, 0.3);
  const sudden = (word: DecisionWord): boolean => word === "cancel" || word === "stop" || word === "finish";
  const milder = options.filter((word) => !sudden(word) || dice.chance(`sudden ${look}`, 0.2));
  if (odd && milder.length > 0) return dice.pick(`word ${look}`, milder);
  // Trying again for ever would never end: the more often, the more likely something else is done.
  const order = look < PATIENCE ? HELPFUL : HELPFUL.filter((word) => word !== "redo" && word !== "retry");
  return order.find((word) => options.includes(word)) ?? dice.pick(`any ${look}`, options);
}

function bodyOf(
  state: WorkflowState,
  question: Question,
  word: DecisionWord,
  { repository }: PersonParts,
): CommandBody {
  const { subject, id } = question;
  switch (word) {
    case "approve":
      return { type: "approve", subject, by: ANA, note: "" };
    case "reject":
      return { type: "reject", subject, by: ANA, note: "not like this", clean: id.endsWith("2") };
    case "answer":
      return { type: "answer", question: id, text: "the small one", by: ANA };
    case "allow":
    case "deny":
      return { type: "answer", question: id, text: word, by: ANA };
    case "say":
      return { type: "say", subject, text: "mind the edges", by: ANA };
    case "land": {
      const commit = state.deliverables[subject]?.mergeCommit ?? "";
      return { type: "landed", subject, way: "here", target: "main", commit, by: ANA };
    }
    case "send-back":
      return { type: "send-back", subject, text: "shorter", comments: [], by: ANA };
    default:
      prepare(state, question, word, repository);
      return {
        type: "decide",
        subject: question.session === undefined ? subject : id,
        word,
        by: ANA,
        text: "as you like",
        ...limits(state, question, word),
      };
  }
}

/** Work that a person does before the word that says it is done. */
function prepare(
  state: WorkflowState,
  question: Question,
  word: DecisionWord,
  repository: MemoryRepository,
): void {
  if (question.kind === "foreign-ref" && word === "resume")
    repository.refs.set(`refs/heads/${state.plan.layout.branchPrefix}/main`, state.head);
  if (question.kind !== "user-artifact" || word !== "done") return;
  const deliverable = state.deliverables[question.subject];
  const planned = state.plan.deliverables.find(({ id }) => id === question.subject);
  if (deliverable?.branch === undefined || planned === undefined) return;
  const path = repository.worktreePath(deliverable.branch);
  if (repository.filesAt(path) === undefined) return;
  if (/resolves the conflict/.test(question.reason) && state.head !== null)
    repository.mergeByHand(path, state.head);
  const file = planned.makes.kind === "file" ? planned.makes.path : `src/${question.subject}.ts`;
  repository.put(path, file, `by hand: ${question.id}\n`);
}

function limits(state: WorkflowState, question: Question, word: DecisionWord): object {
  if (word !== "add") return {};
  const whole = question.subject === "workflow";
  const { spent, assumed, held } = accountOf(state, question.subject);
  const usd = Math.ceil((spent + assumed + held) * 2 + 1);
  return whole ? { usd, sessions: state.spend.sessions * 2 + 5 } : { usd };
}

/** What a person does unasked, at an odd moment. Null where there is nothing to do it to. */
export function unasked(state: WorkflowState, act: PersonAct, dice: Dice): CommandBody | null {
  const running = runningSessions(state)[0]?.subject;
  const question = state.questions.find(({ options }) => options.includes("approve"));
  switch (act) {
    case "pause":
      return { type: "pause", by: ANA, reason: "lunch" };
    case "cancel":
      return { type: "cancel", by: ANA, reason: "enough" };
    case "rewind": {
      const written = state.checkpoints.filter(({ commit }) => commit !== null);
      if (written.length === 0) return null;
      return { type: "rewind", checkpoint: dice.pick("rewind", written).id, by: ANA, note: "again" };
    }
    case "checkpoint":
      return { type: "checkpoint", by: ANA, note: "before lunch" };
    case "note":
      return { type: "note", by: ANA, subject: "workflow", text: "looks good", lesson: false };
    case "block":
      return { type: "block", by: ANA, subject: "workflow", text: "wait", severity: "HIGH" };
    case "stop":
      return running === undefined ? null : { type: "stop", subject: running, by: ANA, reason: "" };
    case "say":
      return running === undefined
        ? null
        : { type: "say", subject: running, text: "mind the edges", by: ANA };
    case "retry":
    case "skip":
    case "write":
      return running === undefined
        ? null
        : { type: "direct", subject: running, word: act, text: "", by: ANA };
    case "interrupt":
      return running === undefined ? null : { type: "interrupt", subject: running, text: "shorter", by: ANA };
    case "limit":
      return { type: "limit", subject: "workflow", change: { set: Math.ceil(state.spend.usd) + 1 }, by: ANA };
    case "approve":
    case "approve twice":
      return { type: "approve", subject: question?.subject ?? "CP-001", by: ANA, note: "" };
    case "reject":
      return { type: "reject", subject: question?.subject ?? "CP-001", by: ANA, note: "no", clean: false };
    default:
      return act satisfies never;
  }
}

/** True when nothing is left that a person could want of the workflow. */
export function isDone(state: WorkflowState): boolean {
  return hasEnded(state) && state.questions.length === 0;
}
