/** A defect that the documents made by hand had and a generated one must not have. */
import type { MarkdownFile } from "./model.ts";

export interface Defect {
  /** Name of the rule, such as `heading-status`. */
  readonly rule: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

/** A rule over one file. */
export type Rule = (file: MarkdownFile) => readonly Defect[];

/** Makes the defects of one rule in one file. */
export function reporter(rule: string, file: MarkdownFile): (line: number, message: string) => Defect {
  return (line, message) => ({ rule, file: file.path, line, message });
}

/** Words for "finished". */
export function isEnded(status: string | undefined): boolean {
  return status === "COMPLETE" || status === "SKIPPED";
}

/** True for a cell that says that there is no value. */
export function isMissing(cell: string | undefined): boolean {
  return cell === undefined || /^-{1,2}%?(\/.*)?$/.test(cell) || cell === "";
}
