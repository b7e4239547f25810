/** Why something does not land, each with the way out. Nothing was changed when one of these is thrown. */
import { SignalboxError } from "../core/errors.ts";
import { landingName, ownerName } from "../core/landing/queue-text.ts";
import { shellWord } from "../core/view/commands-at.ts";
import type { DeliverableState, Landing } from "../core/workflow/deliverable.ts";
import type { CheckResult } from "../core/workflow/outcome.ts";
import { openQuestion } from "../core/workflow/queries.ts";
import { type Question, wordCommand } from "../core/workflow/question.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { MoveResult, QueuedLanding, RemoteTarget } from "../ports/landing.ts";
import type { LandingRequest } from "./landing-place.ts";
import type { LandingTurn } from "./landing-turn.ts";

const SHOWN_FILES = 8;

interface BranchPlace {
  readonly branch: string;
  /** Folder of its worktree. */
  readonly path: string;
}

export const refused = {
  notApproved: (state: WorkflowState, deliverable: DeliverableState): SignalboxError => {
    const { id, landing } = deliverable;
    const question = openQuestion(state, id);
    const [first] = question?.options ?? [];
    const how =
      question === undefined || first === undefined
        ? `To see where it stands: signalbox show ${id}`
        : `It waits for an answer first: ${wordCommand(id, first)}`;
    const why =
      landing === undefined
        ? `${id} is not accepted yet (${standing(deliverable, question)})`
        : landedText(id, landing);
    return new SignalboxError("user", "not-approved", why, [how]);
  },
  missingWork: (id: string, commit: string): SignalboxError =>
    new SignalboxError(
      "user",
      "work-missing",
      `The accepted commit ${commit} of ${id} is not in this repository`,
      ["To bring it from where it was made: git fetch --all", `To see what is kept: signalbox restore`],
    ),
  workMoved: (id: string, at: BranchPlace, approved: string, tip: string): SignalboxError =>
    new SignalboxError(
      "user",
      "work-moved",
      `${id} has gone on after it was accepted: ${at.branch} stands at ${tip.slice(0, 12)}, accepted is ${approved.slice(0, 12)}`,
      [
        `To have the new version judged as well: signalbox send-back ${id} "go on from what the branch has now"`,
        `To land only what is accepted: git branch ${id}-later ${at.branch} && git -C ${shellWord(at.path)} reset --keep ${approved.slice(0, 12)}`,
      ],
    ),
  unrelated: ({ subject, target }: Pick<LandingRequest, "subject" | "target">): SignalboxError =>
    new SignalboxError(
      "user",
      "unrelated-target",
      `${target} and ${subject} have no commit in common, so there is nothing to put it on`,
      ["Name the branch that it was made for: signalbox land --to main"],
    ),
  underWay: ({ target, command, way }: LandingTurn, first: QueuedLanding): SignalboxError =>
    new SignalboxError(
      "environment",
      "landing-under-way",
      `${landingName(first)} is landing on ${target} since ${first.since} (${ownerName(first)})`,
      [`To wait for it: signalbox ${command} --${way}`, `To see whether it still works: ps -p ${first.pid}`],
    ),
  busyTarget: ({ target, command }: LandingRequest, path: string, operation: string): SignalboxError =>
    new SignalboxError("user", "target-busy", `${target} is in the middle of a ${operation} in ${path}`, [
      `To end it: git -C ${shellWord(path)} ${operation === "bisect" ? "bisect reset" : `${operation} --continue`}`,
      `Or land without that folder: signalbox ${command} --push`,
    ]),
  targetElsewhere: ({ target, command }: LandingRequest, path: string): SignalboxError =>
    new SignalboxError(
      "user",
      "target-elsewhere",
      `${target} is checked out in another worktree, ${path}, where files would move`,
      [
        `To land there: cd ${shellWord(path)} && signalbox ${command} --here`,
        "Where that folder is gone: git worktree prune",
      ],
    ),
  noTarget: (target: string): SignalboxError =>
    new SignalboxError("user", "no-target", `There is no branch ${target} to land on`, [
      "To see which there are: git branch --list",
      // No name of a branch: HEAD, a commit.
      ...(/^(HEAD|[0-9a-f]{7,64})$/.test(target) ? [] : [`To make it: git branch ${target}`]),
    ]),
  changedTarget: (
    { target, command }: LandingRequest,
    path: string,
    files: readonly string[],
  ): SignalboxError =>
    new SignalboxError(
      "user",
      "target-changed",
      `${target} is checked out in ${path} with uncommitted changes: ${some(files)}`,
      [
        "Commit or stash them, then land again: git stash",
        `Or land without this checkout: signalbox ${command} --push`,
      ],
    ),
  noRemote: ({ way, target }: Pick<LandingRequest, "way" | "target">): SignalboxError =>
    new SignalboxError("user", "no-remote", `${target} has no remote, --${way} needs one`, [
      "To add one: git remote add origin URL",
      "Or land on the local branch: signalbox land --here",
    ]),
  noRemoteBranch: ({ remote, branch }: RemoteTarget): SignalboxError =>
    new SignalboxError("user", "no-target", `${remote} has no branch ${branch} to land on`, [
      `To make it: git push ${remote} ${branch}`,
    ]),
  noPullRequests: (
    { command }: LandingRequest,
    problem: { readonly reason: string; readonly hint: string },
  ): SignalboxError =>
    new SignalboxError("environment", "pull-request", problem.reason, [
      problem.hint,
      `Or push to the target: signalbox ${command} --push`,
    ]),
  conflict: ({ subject, target }: LandingRequest, files: readonly string[]): SignalboxError =>
    new SignalboxError("user", "landing-conflict", `${subject} conflicts with ${target} in ${some(files)}`, [
      `To have its agent bring both together: signalbox send-back ${subject} "${target} has changed ${files[0] ?? "the same lines"}; …"`,
      `Nothing was changed. To see the difference: signalbox diff ${subject}`,
    ]),
  checks: ({ subject, command, way }: LandingRequest, red: readonly CheckResult[]): SignalboxError =>
    new SignalboxError("user", "landing-checks", redText(subject, red), [
      `To send it back: signalbox send-back ${subject} "${red[0]?.name ?? "a check"} fails on the present tip"`,
      `To land it all the same: signalbox ${command} --${way} --no-check`,
    ]),
  provision: ({ subject, command, way }: LandingRequest, message: string): SignalboxError =>
    new SignalboxError(
      "environment",
      "landing-checks",
      `${subject} could not be checked, its worktree could not be prepared: ${message}`,
      [`To land it without checks: signalbox ${command} --${way} --no-check`],
    ),
  notComplete: ({ id, status }: WorkflowState): SignalboxError =>
    new SignalboxError("user", "not-complete", `${id} is ${status}, and lands when it is COMPLETE`, [
      `To see what is missing: signalbox status ${id}`,
    ]),
  resultMoved: (branch: string, left: string, found: string | null, command: string): SignalboxError =>
    new SignalboxError(
      "user",
      "result-moved",
      `${branch} stands at ${found ?? "nothing"}, the workflow left it at ${left}: what was added is approved by nobody`,
      [`To put it back: git branch -f ${branch} ${left.slice(0, 12)}`, `Then: signalbox ${command}`],
    ),
  landedBefore: (id: string, landed: Landing): SignalboxError =>
    new SignalboxError("user", "landed-before", landedText(id, landed), [
      `To take it elsewhere as well: git merge --no-ff ${landed.commit.slice(0, 12)}`,
    ]),
  notForward: ({ subject, target, command, way }: LandingRequest): SignalboxError =>
    new SignalboxError(
      "user",
      "not-forward",
      `${target} has commits that ${subject} does not have, so it cannot only move forward`,
      [`To join both: signalbox ${command.replace(" --ff", "")} --${way} --merge`],
    ),
  forwardKeeps: ({ subject, command, way }: LandingRequest): SignalboxError =>
    new SignalboxError(
      "config",
      "forward-keeps-documents",
      `${subject} is to land without its documents (finish.documents: drop), and a target that only moves forward takes them along`,
      [`To leave them out: signalbox ${command.replace(" --ff", "")} --${way} --squash`],
    ),
  resultConflict: (
    { subject, target }: LandingRequest,
    branch: string,
    files: readonly string[],
  ): SignalboxError =>
    new SignalboxError("user", "landing-conflict", `${subject} conflicts with ${target} in ${some(files)}`, [
      `Nothing was changed. To join both by hand, on ${target}: git merge --no-ff ${branch}`,
    ]),
  resultChecks: ({ subject, command, way }: LandingRequest, red: readonly CheckResult[]): SignalboxError =>
    new SignalboxError("user", "landing-checks", redText(subject, red), [
      `To land it all the same: signalbox ${command} --${way} --no-check`,
    ]),
  move: (request: LandingRequest, moved: Extract<MoveResult, { ok: false }>): SignalboxError => {
    const { target, way, command } = request;
    if (moved.reason === "moved")
      return new SignalboxError(
        "user",
        "target-moved",
        `${target} moved each time while it was landed on: ${moved.message}`,
        [`Nothing was changed. To try again: signalbox ${command} --${way}`],
      );
    return new SignalboxError("user", "target-refused", `${target} was refused: ${moved.message}`, [
      wayOut(request),
    ]);
  },
} as const;

function wayOut({ way, command }: LandingRequest): string {
  switch (way) {
    case "here":
      return `Move what is in the way, then land again: signalbox ${command} --here`;
    case "push":
      return `A protected branch takes a pull request: signalbox ${command} --pr`;
    case "pr":
      return "To see what stands on that branch of the remote: git ls-remote --heads";
    default:
      return way satisfies never;
  }
}

function standing({ step, commit, approval }: DeliverableState, question: Question | undefined): string {
  if (step === "merged" && approval !== undefined && approval.commit !== commit)
    return `approved is ${approval.commit.slice(0, 12)}, it stands at ${commit?.slice(0, 12) ?? "nothing"} now`;
  return question?.reason ?? step;
}

function landedText(id: string, { target, commit }: Landing): string {
  return `${id} has landed on ${target} already, as ${commit.slice(0, 12)}`;
}

function redText(subject: string, red: readonly CheckResult[]): string {
  const names = red.map((result) => result.name).join(", ");
  const printed = (red[0]?.tail ?? "").trimEnd().slice(-1500);
  return `${subject} does not land: on the target's present tip ${names} ${red.length === 1 ? "fails" : "fail"}\n${printed}`;
}

function some(files: readonly string[]): string {
  const rest = files.length - SHOWN_FILES;
  return `${files.slice(0, SHOWN_FILES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
