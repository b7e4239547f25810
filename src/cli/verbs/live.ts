/** What people do with sessions that run: answer them, speak to them, stop them. */

import { SignalboxError } from "../../core/errors.ts";
import { canInterrupt } from "../../core/session/steering.ts";
import { liveQuestions, whyClosed } from "../../core/workflow/live-questions.ts";
import { hasEnded, runningSessions } from "../../core/workflow/queries.ts";
import type { Question } from "../../core/workflow/question.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Context } from "../context.ts";
import { resolveSlot } from "../landing/slots.ts";
import { loadAll, openProject, pickWorkflow } from "../project.ts";
import { listText } from "../resolve.ts";
import { submit, submitOn } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox answer <question> <text>`: the question by its id, a unique prefix of it, or the slot; over all workflows. */
export async function answer(context: Context, input: VerbInput): Promise<number> {
  const named = input.argument(0) ?? "";
  const { workflow, question } = await findAsked(context, named, input.text("workflow"));
  return submit(context, workflow, () => ({
    command: { type: "answer", question, text: input.words(1).join(" "), by: context.io.user },
    said: `${question} is answered`,
    isMessage: true,
  }));
}

/** `signalbox say <slot> <text>`. */
export function say(context: Context, input: VerbInput): Promise<number> {
  const named = input.argument(0) ?? "";
  return submitOn(context, { workflow: input.text("workflow"), slots: [named] }, (state) => {
    const subject = resolveSlot(state, named);
    return {
      command: { type: "say", subject, text: input.words(1).join(" "), by: context.io.user },
      said: `${subject} is told`,
      isMessage: true,
    };
  });
}

/** `signalbox interrupt <slot> [text]`: the present turn ends, the conversation goes on with the text. */
export function interrupt(context: Context, input: VerbInput): Promise<number> {
  const named = input.argument(0) ?? "";
  return submitOn(context, { workflow: input.text("workflow"), slots: [named] }, (state) => {
    const subject = resolveSlot(state, named);
    const text = input.words(1).join(" ");
    const session = runningSessions(state).find((one) => one.subject === subject);
    const heard = text.trim() !== "" && session !== undefined && canInterrupt(session.adapter);
    return {
      command: { type: "interrupt", subject, text, by: context.io.user },
      said: heard
        ? `${subject} is interrupted and goes on with your words`
        : `${subject} is being stopped; what it wrote is kept`,
      ...(heard ? { isMessage: true } : { hint: `See how it goes on: signalbox show ${subject}` }),
    };
  });
}

/** `signalbox stop <slot>`: the session ends, its work stays. */
export function stopSlot(context: Context, input: VerbInput): Promise<number> {
  const named = input.argument(0) ?? "";
  return submitOn(context, { workflow: input.text("workflow"), slots: [named] }, (state) => {
    const subject = resolveSlot(state, named);
    return {
      command: { type: "stop", subject, by: context.io.user, reason: input.text("note") ?? "" },
      said: `${subject} is being stopped; what it wrote is kept`,
      hint: `How it goes on is asked as soon as it has ended: signalbox show ${subject}`,
    };
  });
}

interface Asked {
  readonly workflow: string;
  readonly question: string;
}

/** Looks at every workflow, so that a person need not know which one asks. Throws `which-question`, `unknown-question`. */
async function findAsked(context: Context, named: string, workflow: string | undefined): Promise<Asked> {
  const project = await openProject(context.io);
  const states =
    workflow === undefined ? (await loadAll(project)).states : [await pickWorkflow(project, workflow, "act")];
  const asked = states.flatMap((state) => askedIn(state).map((question) => ({ state, question })));
  const [exact, close] = [isNamed, startsLike].map((fits) =>
    asked.filter(({ question }) => fits(question, named)),
  );
  const found = exact !== undefined && exact.length > 0 ? exact : (close ?? []);
  const [first, second] = found;
  if (first !== undefined && second === undefined)
    return { workflow: first.state.id, question: first.question.id };
  if (first !== undefined) throw ambiguous(named, found);
  const known = states.findLast((state) => knows(state, named));
  if (known !== undefined) return { workflow: known.id, question: named.toUpperCase() };
  const slot = states.findLast((state) => !hasEnded(state) && named in state.deliverables);
  if (slot !== undefined) return { workflow: slot.id, question: named };
  throw unknown(
    named,
    asked.map(({ question }) => question),
  );
}

function askedIn(state: WorkflowState): readonly Question[] {
  return liveQuestions(state).filter((question) => question.kind !== "trouble");
}

function isNamed({ id, subject }: Question, named: string): boolean {
  return id.toLowerCase() === named.toLowerCase() || subject === named;
}

/** `Q-01` for `Q-012`, `12` for `Q-012`, the beginning of a slot's name. */
function startsLike({ id, subject }: Question, named: string): boolean {
  const text = named.toLowerCase();
  return (
    id.toLowerCase().startsWith(text) ||
    subject.toLowerCase().startsWith(text) ||
    (/^\d+$/.test(text) && Number(text) === Number(id.slice(2)))
  );
}

/** True for a question that is closed, or a decision: the core says why it cannot be answered. */
function knows(state: WorkflowState, named: string): boolean {
  const id = named.toUpperCase();
  return state.questions.some((question) => question.id === id) || whyClosed(state, id) !== null;
}

function ambiguous(
  named: string,
  found: readonly { readonly state: WorkflowState; readonly question: Question }[],
): SignalboxError {
  const names = found.map(({ state, question }) => `${question.id} (${question.subject}, ${state.id})`);
  const [first] = found;
  const where = new Set(found.map(({ state }) => state.id)).size > 1 ? ` -w ${first?.state.id ?? ""}` : "";
  return new SignalboxError("user", "which-question", `${named} could be ${listText(names)}`, [
    `Name the one that is meant, such as: signalbox answer ${first?.question.id ?? ""}${where} "…"`,
  ]);
}

function unknown(named: string, asked: readonly Question[]): SignalboxError {
  const open = asked.map((question) => `${question.id} (${question.subject})`);
  return new SignalboxError("user", "unknown-question", `No session asks ${named}`, [
    open.length === 0
      ? "No session asks anything now; to see what waits: signalbox inbox"
      : `Asked: ${listText(open)}`,
  ]);
}
