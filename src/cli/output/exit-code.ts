/** Exit codes of the whole product (design §9) and how an end of a command maps to one. */
import type { ErrorKind } from "../../core/errors.ts";
import type { Rejection } from "../../core/workflow/command.ts";
import type { Question } from "../../core/workflow/question.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";

export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  gate: 3,
  auth: 4,
  waiting: 5,
  limit: 6,
  lease: 7,
  internal: 70,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The table that `signalbox help exit-codes` prints, in order. */
export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, "done"],
  [EXIT.failed, "failed, or the answer is no"],
  [EXIT.usage, "usage or configuration error"],
  [EXIT.gate, "a gate failed, or a person rejected"],
  [EXIT.auth, "an agent is not logged in, needs a permission, or typed what a person must"],
  [EXIT.waiting, "a person must answer (without a terminal to ask on)"],
  [EXIT.limit, "a limit of time, turns, money or sessions was reached"],
  [EXIT.lease, "another coordinator holds the lease"],
  [EXIT.internal, "a defect of signalbox"],
  [EXIT.interrupted, "interrupted by Ctrl+C"],
  [EXIT.terminated, "ended by SIGTERM"],
];

const BY_KIND: Readonly<Record<ErrorKind, ExitCode>> = {
  user: EXIT.usage,
  config: EXIT.usage,
  environment: EXIT.failed,
  lease: EXIT.lease,
  auth: EXIT.auth,
  limit: EXIT.limit,
  internal: EXIT.internal,
};

export function exitCodeOfKind(kind: ErrorKind): ExitCode {
  return BY_KIND[kind];
}

/** A refused command is a "no" (1), except where the words themselves were wrong (2). */
export function exitCodeOfRejection(rejection: Rejection): ExitCode {
  const usage =
    rejection.code === "bad-argument" ||
    rejection.code === "not-an-option" ||
    rejection.code === "no-such-subject" ||
    rejection.code === "no-such-workflow";
  return usage ? EXIT.usage : EXIT.failed;
}

/** What a script is told when a workflow stands still on this question. */
export function exitCodeOfQuestion(question: Question): ExitCode {
  switch (question.kind) {
    case "auth":
      return EXIT.auth;
    case "limit":
      return EXIT.limit;
    case "escalation":
    case "phase-gate":
    case "barrier":
      return EXIT.gate;
    default:
      return EXIT.waiting;
  }
}

/** Code of a workflow that is at its end or stands still: what waits decides, the gravest first. */
export function exitCodeOfState(state: WorkflowState): ExitCode {
  if (state.status === "COMPLETE") return EXIT.done;
  if (state.status === "FAILED" || state.status === "CANCELLED") return EXIT.failed;
  const codes = state.questions.map(exitCodeOfQuestion);
  for (const code of [EXIT.auth, EXIT.limit, EXIT.gate, EXIT.waiting]) if (codes.includes(code)) return code;
  return EXIT.waiting;
}
