import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { dispatchDefinition } from "../../config/dispatch-definition.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Adoption, Plan } from "../../core/plan/plan.ts";
import { shellWord } from "../../core/view/commands-at.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import { typist } from "../agent-typing.ts";
import type { Context } from "../context.ts";
import { resolveSlot } from "../landing/slots.ts";
import { planRequest } from "../planning/plan-definition.ts";
import type { Project } from "../project.ts";
import { listText } from "../resolve.ts";
import { submitOn } from "../submit.ts";
import type { VerbInput } from "../verb.ts";
import { openedProject, planAndStart } from "./run.ts";

/** What a person has made: a commit, with what was not committed on top of it. */
interface Work {
  readonly from: string;
  readonly commit: CommitId;
}

/** `signalbox adopt <worktree|branch> --slot <slot>`, or with words instead: a dispatch of one task that is done already. */
export async function adopt(context: Context, input: VerbInput): Promise<number> {
  const project = await openedProject(context);
  const from = input.argument(0) ?? "";
  const slot = input.text("slot");
  const task = input.words(1).join(" ").trim();
  if ((slot === undefined) === (task === "")) throw whatFor(from);
  const work = await takeWork(context, project, from);
  return slot === undefined
    ? asDispatch(context, project, input, work, task)
    : intoSlot(context, project, input, work, slot);
}

function whatFor(from: string): SignalboxError {
  return new SignalboxError("user", "usage", "Work is adopted for a slot, or with the words of a task", [
    `For a slot: signalbox adopt ${shellWord(from)} --slot login`,
    `As a task of its own: signalbox adopt ${shellWord(from)} "Fix #41: empty password"`,
  ]);
}

/** A folder gives its commits and what is not committed, without a change to its index or files (P6); a branch its tip. */
async function takeWork(context: Context, project: Project, from: string): Promise<Work> {
  const { io, output } = context;
  const folder = resolve(io.cwd, from);
  if ((await stat(folder).catch(() => null))?.isDirectory() !== true) {
    const { repository } = project;
    const commit = (await repository.resolve(`refs/heads/${from}`)) ?? (await repository.resolve(from));
    if (commit !== null) return { from, commit };
    throw new SignalboxError("user", "no-such-work", `${from} is neither a folder nor a branch here`, [
      "To see worktrees and branches: git worktree list, git branch --all",
    ]);
  }
  const { openRepository } = await import("../../adapters/git/index.ts");
  const { commonDir } = await openRepository(folder, { env: io.env });
  if (commonDir !== project.commonDir) throw elsewhere(from);
  const { snapshotCheckout } = await import("../../adapters/git/snapshot-checkout.ts");
  const { commit, nested } = await snapshotCheckout(folder, { env: io.env });
  if (nested.length > 0)
    output.warn(`repositories of their own are not part of it: ${listText([...nested])}`);
  return { from, commit };
}

function elsewhere(from: string): SignalboxError {
  return new SignalboxError("user", "other-repository", `${from} belongs to another repository`, [
    `Bring its commits here first: git fetch ${shellWord(from)} HEAD:refs/heads/adopted`,
    "Then: signalbox adopt adopted --slot …",
  ]);
}

/** Throws `unrelated` and `nothing-new`. */
async function adoptionOn(
  { io }: Context,
  { repository }: Project,
  { from, commit }: Work,
  tip: CommitId,
): Promise<Adoption> {
  const base = await repository.mergeBase(commit, tip);
  if (base === null)
    throw new SignalboxError("user", "unrelated", `${from} shares no history with ${tip.slice(0, 8)}`, [
      "Only work that began in this repository can be merged into it",
    ]);
  const changed = base === commit ? [] : await repository.changedFiles(base, commit);
  if (changed.length > 0) return { commit, base, from, by: typist(io) };
  throw new SignalboxError(
    "user",
    "nothing-new",
    `${from} has nothing that ${tip.slice(0, 8)} does not have: neither commits nor uncommitted files`,
    ["Where it began earlier, say where: signalbox adopt … --base <commit>"],
  );
}

/** The commit is kept under a ref of ours before anything names it (P1). */
function intoSlot(
  context: Context,
  project: Project,
  input: VerbInput,
  work: Work,
  named: string,
): Promise<number> {
  return submitOn(context, { workflow: input.text("workflow"), slots: [named] }, async (state) => {
    const subject = resolveSlot(state, named);
    const adoption = await adoptionOn(context, project, work, state.head ?? state.plan.base.commit);
    await project.repository.preserve(state.id, `adopted-${subject}`, adoption.commit);
    return {
      command: { type: "adopt", subject, ...adoption },
      said: `${subject} takes ${work.from} at ${adoption.commit.slice(0, 8)}; checks, gate and merge follow`,
    };
  });
}

function asDispatch(
  context: Context,
  project: Project,
  input: VerbInput,
  work: Work,
  task: string,
): Promise<number> {
  const name = input.text("name");
  const { text } = dispatchDefinition(
    { tasks: [task], judge: input.flag("judge"), ...(name === undefined ? {} : { name }) },
    {},
  );
  const request = { ...planRequest(input), file: "dispatch", text };
  const withWork = async (plan: Plan): Promise<Plan> => {
    const adopted = await adoptionOn(context, project, work, plan.base.commit);
    return { ...plan, deliverables: plan.deliverables.map((one) => ({ ...one, adopted })) };
  };
  return planAndStart(context, project, request, input, "once", withWork);
}
