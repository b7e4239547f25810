/** Commit messages of ours: subject, body, and one last paragraph of trailers. */
import type { CommitText } from "../../ports/repository.ts";

export const EFFECT_TRAILER = "Signalbox-Effect";
export const CHECKPOINT_TRAILER = "Signalbox-Checkpoint";
/** Of a merge: a file in conflict and the rule that resolved it, once for each. */
export const RESOLVED_TRAILER = "Signalbox-Resolved";

/**
 * Text of a commit message. Line ends inside a subject or a trailer become blanks: a value that came from an agent cannot
 * add a trailer of its own, because only the last paragraph counts and that one is written here.
 */
export function renderMessage(text: CommitText): string {
  const resolved = (text.resolved ?? []).map((value) => [RESOLVED_TRAILER, value] as const);
  const trailers = [...Object.entries(text.trailers), ...resolved].map(
    ([key, value]) => `${key}: ${oneLine(value)}`,
  );
  const body = text.body?.replaceAll("\0", "").trim() ?? "";
  return [oneLine(text.subject), body, trailers.join("\n")]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

/** The same text with the trailer that makes an effect recognisable after a crash. */
export function withEffect(text: CommitText, effectId: string): CommitText {
  return { ...text, trailers: { ...text.trailers, [EFFECT_TRAILER]: effectId } };
}

function oneLine(text: string): string {
  return text.replace(/[\0\r\n]+/g, " ").trim();
}
