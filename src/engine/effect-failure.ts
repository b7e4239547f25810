/** What an effect died of, as the core is told. */
import { SignalboxError } from "../core/errors.ts";

export interface EffectFailure {
  readonly message: string;
  /** True where only a person can clear the way. */
  readonly blocked: boolean;
  /** True where every other effect would fail too. */
  readonly everywhere: boolean;
}

/** The system's own words, also where git repeats them, and its codes. */
const NO_SPACE = /no space left on device|disk quota exceeded|\bENOSPC\b|\bEDQUOT\b/i;

/**
 * The error's words with its first hint, for a question that a person answers. They get into documents that other machines
 * read: folders beside the repository at `root` are named as seen from it.
 */
export function effectFailure(error: unknown, root: string): EffectFailure {
  const beside = root.slice(0, root.lastIndexOf("/") + 1);
  const words = (text: string): string => (beside === "/" ? text : text.replaceAll(beside, "../"));
  const said = error instanceof Error ? error.message : String(error);
  const full = said.split("\n").find((line) => NO_SPACE.test(line));
  if (full !== undefined)
    return {
      message: `no space is left on the disk (${words(full.trim())})`,
      blocked: true,
      everywhere: true,
    };
  if (!(error instanceof SignalboxError)) return { message: words(said), blocked: false, everywhere: false };
  const [hint] = error.hints;
  return {
    message: words(hint === undefined ? said : `${said}. ${hint}`),
    blocked: error.kind === "user",
    everywhere: false,
  };
}
