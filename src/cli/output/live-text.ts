/** Words about questions of running sessions. */
import type { Question } from "../../core/workflow/question.ts";
import { clockText } from "./units.ts";

/** `since 10:42`: when what a trouble tells began. */
export function sinceText({ askedAt, session }: Pick<Question, "askedAt" | "session">): string {
  return `since ${clockText(session?.since ?? askedAt).slice(0, 5)}`;
}

/** Our own tools by their plain names. */
export function toolName(tool: string): string {
  return tool.replace(/^mcp__signalbox__/, "");
}
