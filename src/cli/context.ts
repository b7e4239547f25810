import type { CliIo } from "./io.ts";
import type { Output } from "./output/output.ts";
import type { Verb } from "./verb.ts";

/** What every verb gets. */
export interface Context {
  readonly io: CliIo;
  readonly output: Output;
  /** `--json` was given. */
  readonly json: boolean;
  /** Questions may be asked: a terminal on both ends and no `--no-input`. */
  readonly canAsk: boolean;
  /** Version of the program. */
  readonly version: string;
  /** All verbs, for completion. */
  readonly verbs: readonly Verb[];
}
