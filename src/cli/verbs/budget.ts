import { SignalboxError } from "../../core/errors.ts";
import { type BudgetLine, type BudgetView, budgetView } from "../../core/view/budget.ts";
import { accountOf, isLimited, passedBy } from "../../core/workflow/budget.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { countText, moneyText } from "../output/units.ts";
import { openJournals, pickWorkflow } from "../project.ts";
import { resolveSubject } from "../subject.ts";
import { type Submission, submit } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox budget [subject]` shows; `budget add <usd> [subject]`, `budget set <usd|none> [subject]`, `budget finish|stop [subject]` change. */
export function budget(context: Context, input: VerbInput): Promise<number> {
  const [first, ...rest] = input.words(0);
  switch (first) {
    case "add":
    case "set":
      return change(context, input, first, rest);
    case "finish":
    case "stop":
      return answer(context, input, first, rest);
    default:
      return look(context, input, first);
  }
}

async function look(context: Context, input: VerbInput, named: string | undefined): Promise<number> {
  const project = await openJournals(context.io);
  // As with `status`, a workflow may be named first; with -w it is always a subject.
  const ids = await project.store.list();
  const isWorkflow =
    named !== undefined && input.text("workflow") === undefined && ids.some((id) => id.startsWith(named));
  const state = await pickWorkflow(project, isWorkflow ? named : input.text("workflow"), "look");
  const view = budgetView(state, named === undefined || isWorkflow ? undefined : limited(state, named));
  if (context.json) context.output.json({ workflow: state.id, ...view });
  else tell(context, state, view);
  return EXIT.done;
}

function tell({ output }: Context, state: WorkflowState, view: BudgetView): void {
  output.table(
    [
      { title: "level" },
      { title: "name", flexible: true },
      { title: "limit", align: "right" },
      { title: "spent", align: "right" },
      { title: "reserved", align: "right" },
      { title: "left", align: "right" },
      { title: "uncertain", optional: 1 },
    ],
    view.lines.map((line) => [
      line.level,
      line.subject === "workflow" ? state.id : line.subject,
      line.usd === null ? "none" : `${moneyText(line.usd)}${line.usd === line.planned ? "" : "*"}`,
      moneyText(line.spent, line.unknown > 0),
      line.held === 0 ? "-" : moneyText(line.held),
      line.left === null ? "-" : moneyText(line.left),
      uncertainText(line),
    ]),
  );
  if (view.lines.some(({ usd, planned }) => usd !== planned)) output.say("* changed by a person");
  for (const { question, subject } of view.lines) {
    if (question === null) continue;
    output.warn(`${subject} is at its limit (${question.id})`);
    for (const { command, effect } of question.answers) output.hint(`${command}  ${effect}`);
  }
}

/** What of it nobody could tell exactly. */
function uncertainText({ unknown, assumed, guessed }: BudgetLine): string {
  const counted = assumed === 0 ? "" : ` counted as ${moneyText(assumed)}`;
  const parts = [
    ...(unknown === 0 ? [] : [`${countText(unknown, "session")} unknown${counted}`]),
    ...(guessed === 0 ? [] : [`${moneyText(guessed)} guessed`]),
  ];
  return parts.length === 0 ? "-" : parts.join(", ");
}

function change(
  context: Context,
  input: VerbInput,
  word: "add" | "set",
  [amount, named]: readonly string[],
): Promise<number> {
  const usd = amountOf(word, amount);
  return submit(context, input.text("workflow"), (state): Submission => {
    const subject = named === undefined ? meant(state) : limited(state, named);
    const by = context.io.user;
    const change = word === "add" && usd !== null ? { add: usd } : { set: usd };
    const beyond = usd === null ? "" : passedBy(accountOf(state, subject));
    const said =
      usd === null
        ? "has no money limit"
        : word === "add"
          ? `${moneyText(usd)} more`
          : `limit ${moneyText(usd)}`;
    return {
      command: { type: "limit", subject, change, by },
      said: `${subject}: ${said}${beyond}`,
      hint: "See all limits: signalbox budget",
    };
  });
}

/** `finish` and `stop` are answers to the question that a reached limit asks. */
function answer(
  context: Context,
  input: VerbInput,
  word: "finish" | "stop",
  [named]: readonly string[],
): Promise<number> {
  return submit(context, input.text("workflow"), (state): Submission => {
    const subject = named === undefined ? meant(state) : limited(state, named);
    const question = state.questions.find((one) => one.kind === "limit" && one.subject === subject);
    if (question === undefined)
      throw new SignalboxError("user", "not-at-a-limit", `${subject} is not at a limit`, [
        "To see the limits: signalbox budget",
        word === "stop" ? "To end the workflow: signalbox cancel" : "To start nothing new: signalbox pause",
      ]);
    const text = input.text("note") ?? "";
    return {
      command: { type: "decide", subject: question.subject, word, text, by: context.io.user },
      said: `${subject}: ${word}`,
    };
  });
}

/** Without a name: what stands at its limit where that is one thing, else the workflow. */
function meant({ questions }: WorkflowState): string {
  const [first, second] = questions.filter(({ kind }) => kind === "limit");
  return first !== undefined && second === undefined ? first.subject : "workflow";
}

function limited(state: WorkflowState, named: string): string {
  const subject = named === state.id ? "workflow" : resolveSubject(state, named);
  if (isLimited(state, subject)) return subject;
  throw new SignalboxError("user", "no-limit-there", `${subject} spends no money of its own`, [
    "Limits have the workflow, phases, barriers and slots: signalbox budget",
  ]);
}

function amountOf(word: "add" | "set", text: string | undefined): number | null {
  if (word === "set" && text === "none") return null;
  const usd = Number(text?.replace(/^\$/, ""));
  if (usd > 0 && Number.isFinite(usd)) return usd;
  throw new SignalboxError(
    "user",
    "not-an-amount",
    text === undefined ? `budget ${word} needs an amount` : `${text} is not an amount of money`,
    [`For example: signalbox budget ${word} 5${word === "set" ? ", or: signalbox budget set none" : ""}`],
  );
}
