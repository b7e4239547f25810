/** What an effect died of, as the core is told. */
import { SignalboxError } from "../core/errors.ts";

export interface EffectFailure {
  readonly message: string;
  /** True where only a person can clear the way. */
  readonly blocked: boolean;
}

/**
 * The error's words with its first hint, for a question that a person answers. They get into documents that other machines
 * read: folders beside the repository at `root` are named as seen from it.
 */
export function effectFailure(error: unknown, root: string): EffectFailure {
  const beside = root.slice(0, root.lastIndexOf("/") + 1);
  const words = (text: string): string => (beside === "/" ? text : text.replaceAll(beside, "../"));
  if (!(error instanceof SignalboxError))
    return { message: words(error instanceof Error ? error.message : String(error)), blocked: false };
  const [hint] = error.hints;
  return {
    message: words(hint === undefined ? error.message : `${error.message}. ${hint}`),
    blocked: error.kind === "user",
  };
}
