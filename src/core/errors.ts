/**
 * An error that a person can act on. Caught once per entry point, which prints it and chooses the exit code by `kind`.
 * Expected refusals of the core are values (`Rejection`), not errors.
 */
export type ErrorKind = "user" | "config" | "environment" | "lease" | "auth" | "limit" | "internal";

export class SignalboxError extends Error {
  readonly kind: ErrorKind;
  /** Kebab-case, stable: `not-a-repository`, `journal-damaged`. */
  readonly code: string;
  /** Sentences that stand alone, each with a command that can be run where one helps. */
  readonly hints: readonly string[];

  constructor(
    kind: ErrorKind,
    code: string,
    message: string,
    hints: readonly string[] = [],
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SignalboxError";
    this.kind = kind;
    this.code = code;
    this.hints = hints;
  }
}
