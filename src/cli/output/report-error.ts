/** How a failure is told: `✗ message`, `↳ hint` on stderr, or one JSON object where `--json` was asked for. */
import { SignalboxError } from "../../core/errors.ts";
import type { Rejection } from "../../core/workflow/command.ts";
import { EXIT, type ExitCode, exitCodeOfKind, exitCodeOfRejection } from "./exit-code.ts";
import { type Output, SCHEMA_VERSION } from "./output.ts";

/** A command that the core refused, on its way to the exit. */
export class RejectedError extends Error {
  readonly rejection: Rejection;

  constructor(rejection: Rejection) {
    super(rejection.message);
    this.name = "RejectedError";
    this.rejection = rejection;
  }
}

interface Report {
  readonly code: string;
  readonly message: string;
  readonly hints: readonly string[];
  /** True where the same command may succeed later without any change. */
  readonly retryable: boolean;
  readonly exit: ExitCode;
}

/** Prints any thrown value and says with which code to end. */
export function reportError(error: unknown, output: Output, json: boolean): ExitCode {
  const report = toReport(error);
  if (json) {
    const { code, message, hints, retryable } = report;
    output.jsonLine({
      schemaVersion: SCHEMA_VERSION,
      error: { code, message, hint: hints.length > 0 ? hints.join("\n") : null, retryable },
    });
    return report.exit;
  }
  const { red, dim, symbol } = output.narration;
  output.say(`${red(symbol.fail)} ${report.message.trimEnd()}`);
  for (const hint of report.hints) output.say(`${dim(symbol.hint)} ${hint}`);
  return report.exit;
}

function toReport(error: unknown): Report {
  if (error instanceof RejectedError) {
    const { code, message, hint } = error.rejection;
    return {
      code,
      message,
      hints: hint === undefined ? [] : [hint],
      retryable: code === "not-yet" || code === "stale",
      exit: exitCodeOfRejection(error.rejection),
    };
  }
  if (error instanceof SignalboxError) {
    const { code, message, hints, kind } = error;
    return {
      code,
      message,
      hints,
      retryable: kind === "lease" || kind === "limit",
      exit: exitCodeOfKind(kind),
    };
  }
  const refused = refusalOfTheSystem(error);
  if (refused !== null) return toReport(refused);
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: "internal",
    message: `signalbox has a defect: ${message}`,
    hints: ["The work of running agents is kept. Report this text with the command that was typed"],
    retryable: false,
    exit: EXIT.internal,
  };
}

const REFUSALS: Readonly<Record<string, string>> = {
  EACCES: "Check the owner and the permissions of what is named",
  EPERM: "Check the owner and the permissions of what is named",
  EROFS: "The file system is mounted read-only",
  ENOSPC: "Make space; to see what is left, run: df -h",
  EDQUOT: "Make space: the quota of this user is used up",
  EMFILE: "Too many files are open; to see the limit, run: ulimit -n",
  ENFILE: "Too many files are open on this machine",
};

/** What the operating system refuses is no defect of the program. Null for everything else. */
function refusalOfTheSystem(error: unknown): SignalboxError | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  const hint = REFUSALS[error.code];
  return hint === undefined
    ? null
    : new SignalboxError("environment", "system-refused", error.message, [hint], error);
}
