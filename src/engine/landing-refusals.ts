/** Why something does not land, each with the way out. Nothing was changed when one of these is thrown. */
import { SignalboxError } from "../core/errors.ts";
import type { DeliverableState, Landing } from "../core/workflow/deliverable.ts";
import type { CheckResult } from "../core/workflow/outcome.ts";
import { openQuestion } from "../core/workflow/queries.ts";
import { wordCommand } from "../core/workflow/question.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { MoveResult, RemoteTarget } from "../ports/landing.ts";
import type { LandingRequest } from "./landing-place.ts";

const SHOWN_FILES = 8;

export const refused = {
  notApproved: (state: WorkflowState, deliverable: DeliverableState): SignalboxError => {
    const { id, step, landing } = deliverable;
    const question = openQuestion(state, id);
    const [first] = question?.options ?? [];
    const how =
      question === undefined || first === undefined
        ? `To see where it stands: signalbox show ${id}`
        : `It waits for an answer first: ${wordCommand(id, first)}`;
    const why =
      landing === undefined
        ? `${id} is not accepted yet (${question?.reason ?? step})`
        : landedText(id, landing);
    return new SignalboxError("user", "not-approved", why, [how]);
  },
  noTarget: (target: string): SignalboxError =>
    new SignalboxError("user", "no-target", `There is no branch ${target} to land on`, [
      `To make it: git branch ${target}`,
      "Or name another one: signalbox land --to main",
    ]),
  changedTarget: (target: string, path: string, files: readonly string[]): SignalboxError =>
    new SignalboxError(
      "user",
      "target-changed",
      `${target} is checked out in ${path} with uncommitted changes: ${some(files)}`,
      [
        "Commit or stash them, then land again: git stash",
        "Or land without this checkout: signalbox land --push",
      ],
    ),
  noRemote: ({ way, target }: LandingRequest): SignalboxError =>
    new SignalboxError("user", "no-remote", `${target} has no remote, --${way} needs one`, [
      "To add one: git remote add origin URL",
      "Or land on the local branch: signalbox land --here",
    ]),
  noRemoteBranch: ({ remote, branch }: RemoteTarget): SignalboxError =>
    new SignalboxError("user", "no-target", `${remote} has no branch ${branch} to land on`, [
      `To make it: git push ${remote} ${branch}`,
    ]),
  noPullRequests: (problem: { readonly reason: string; readonly hint: string }): SignalboxError =>
    new SignalboxError("environment", "pull-request", problem.reason, [
      problem.hint,
      "Or push to the target: signalbox land --push",
    ]),
  conflict: ({ subject, target }: LandingRequest, files: readonly string[]): SignalboxError =>
    new SignalboxError("user", "landing-conflict", `${subject} conflicts with ${target} in ${some(files)}`, [
      `To have its agent bring both together: signalbox send-back ${subject} "${target} has changed ${files[0] ?? "the same lines"}; …"`,
      `Nothing was changed. To see the difference: signalbox diff ${subject}`,
    ]),
  checks: ({ subject, command }: LandingRequest, red: readonly CheckResult[]): SignalboxError =>
    new SignalboxError("user", "landing-checks", redText(subject, red), [
      `To send it back: signalbox send-back ${subject} "${red[0]?.name ?? "a check"} fails on the present tip"`,
      `To land it all the same: signalbox ${command} --no-check`,
    ]),
  provision: ({ subject, command }: LandingRequest, message: string): SignalboxError =>
    new SignalboxError(
      "environment",
      "landing-checks",
      `${subject} could not be checked, its worktree could not be prepared: ${message}`,
      [`To land it without checks: signalbox ${command} --no-check`],
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
      [`To join both: signalbox ${command} --${way} --merge`],
    ),
  resultConflict: (
    { subject, target }: LandingRequest,
    branch: string,
    files: readonly string[],
  ): SignalboxError =>
    new SignalboxError("user", "landing-conflict", `${subject} conflicts with ${target} in ${some(files)}`, [
      `Nothing was changed. To join both by hand, on ${target}: git merge --no-ff ${branch}`,
    ]),
  resultChecks: ({ subject, command }: LandingRequest, red: readonly CheckResult[]): SignalboxError =>
    new SignalboxError("user", "landing-checks", redText(subject, red), [
      `To land it all the same: signalbox ${command} --no-check`,
    ]),
  move: (request: LandingRequest, moved: Extract<MoveResult, { ok: false }>): SignalboxError => {
    const { target, way, command } = request;
    if (moved.reason === "moved")
      return new SignalboxError(
        "user",
        "target-moved",
        `${target} moves while it is landed on: ${moved.message}`,
        [`Try again: signalbox ${command} --${way}`],
      );
    return new SignalboxError("user", "target-refused", `${target} was refused: ${moved.message}`, [
      way === "here"
        ? "Move what is in the way, then land again"
        : `A protected branch takes a pull request: signalbox ${command} --pr`,
    ]);
  },
} as const;

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
