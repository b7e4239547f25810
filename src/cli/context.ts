import type { CliIo } from "./io.ts";
import type { Output } from "./output/output.ts";

/** What every verb gets. */
export interface Context {
  readonly io: CliIo;
  readonly output: Output;
  /** `--json` was given. */
  readonly json: boolean;
  /** Questions may be asked: a terminal on both ends and no `--no-input`. */
  readonly canAsk: boolean;
  /** Name and version of the program. */
  readonly version: string;
}
