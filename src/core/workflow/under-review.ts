/** Which work a person looks at now. */
import type { CommitId } from "../vocabulary.ts";
import type { Rejection } from "./command.ts";
import { openQuestion } from "./queries.ts";
import type { Question, QuestionKind } from "./question.ts";
import type { WorkflowState } from "./state.ts";

export interface UnderReview {
  readonly question: Question;
  /** Absent where nothing was committed, so that there is nothing to remark on. */
  readonly commit?: CommitId;
}

/** Questions that are about work as it stands, so that its agent can take it up again. */
const ABOUT_WORK: ReadonlySet<QuestionKind> = new Set(["review", "unverified", "protect", "escalation"]);

/** The open question about the work of a slot, with the commit that it is about; null where there is none. */
export function underReview(state: WorkflowState, subject: string): UnderReview | null {
  const question = openQuestion(state, subject);
  if (question === undefined || !ABOUT_WORK.has(question.kind)) return null;
  const commit = question.commit ?? state.deliverables[subject]?.commit;
  return { question, ...(commit === undefined ? {} : { commit }) };
}

/** Why nothing can be remarked on or sent back, with what can be done instead. */
export function notUnderReview(state: WorkflowState, subject: string): Rejection {
  const deliverable = state.deliverables[subject];
  if (deliverable === undefined)
    return {
      code: "no-such-subject",
      message: `nothing named ${subject} in ${state.id}`,
      hint: "To see the names, run: signalbox status",
    };
  const { landing } = deliverable;
  if (landing !== undefined)
    return {
      code: "not-waiting",
      message: `${subject} has landed on ${landing.target} already, as ${landing.commit.slice(0, 12)}`,
      hint: `What is missing is a new task: signalbox dispatch "…"`,
    };
  return {
    code: "not-waiting",
    message: `${subject} is not under review now`,
    hint: `To see where it stands: signalbox show ${subject}`,
  };
}
