/** How a failure is told: `✗ message`, `↳ hint` on stderr, or one JSON object where `--json` was asked for. */
import { refusalOfTheSystem } from "../../adapters/fs/system-refusal.ts";
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
