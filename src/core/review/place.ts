/** Whether a person may remark on a place of the work under review. */
import { placeText } from "../workflow/comment.ts";
import type { Place } from "./map-line.ts";

/** What git says about the file at the commit under review. */
export interface PlaceFacts {
  /** Null where the commit has no such file. `lines` is null where it has none: binary, a submodule, a link. */
  readonly file: { readonly lines: readonly string[] | null } | null;
  /** Files that the work changed, for the hint. */
  readonly changed: readonly { readonly path: string; readonly change: string }[];
}

export interface PlaceProblem {
  readonly code: "no-such-file" | "no-such-line";
  readonly message: string;
  readonly hint: string;
}

/** Longest part of a line that is kept with a comment. */
const QUOTED = 200;

/** `./src/a.ts:12` or `src/a.ts`; null where it names no file below the root of the repository. */
export function parsePlace(text: string): Place | null {
  const [, named = "", line] = /^(.+?)(?::(\d+))?$/s.exec(text.trim()) ?? [];
  const path = named.replace(/^(\.\/+)+/, "").replace(/\/+$/, "");
  const outside = path === "" || path.startsWith("/") || path.split("/").includes("..");
  if (outside || /[\n\r\t]/.test(path)) return null;
  return { path, line: line === undefined ? null : Number(line) };
}

/** Null where the place is there. A file that the work removed can be remarked on as a whole. */
export function placeProblem(place: Place, { file, changed }: PlaceFacts): PlaceProblem | null {
  const { path, line } = place;
  if (file === null) {
    const removed = changed.some((one) => one.path === path && one.change === "deleted");
    if (!removed) return noSuchFile(path, changed);
    return line === null
      ? null
      : noSuchLine(
          `${path} is removed by this work, so it has no line ${line}`,
          `Remark on it as a whole: --comment ${path}`,
        );
  }
  if (line === null) return null;
  if (file.lines === null)
    return noSuchLine(
      `${path} has no lines: it is binary, a link or a submodule`,
      `Remark on it as a whole: --comment ${path}`,
    );
  const count = file.lines.length;
  if (line >= 1 && line <= count) return null;
  const range = count === 0 ? "it is empty" : `it has ${count} line${count === 1 ? "" : "s"}`;
  return noSuchLine(
    `${placeText(place)} is not in the work: ${range}`,
    count === 0
      ? `Remark on it as a whole: --comment ${path}`
      : `Lines are 1 to ${count}, as they are after the change`,
  );
}

/** The line as it is kept with the comment; undefined where there is none. */
export function quoteOf({ line }: Place, { file }: PlaceFacts): string | undefined {
  const text = line === null ? undefined : file?.lines?.[line - 1]?.trim();
  if (text === undefined || text === "") return undefined;
  return text.length <= QUOTED ? text : `${text.slice(0, QUOTED - 1)}…`;
}

function noSuchFile(path: string, changed: PlaceFacts["changed"]): PlaceProblem {
  const named = changed.slice(0, 5).map((one) => one.path);
  const more = changed.length > named.length ? ` and ${changed.length - named.length} more` : "";
  return {
    code: "no-such-file",
    message: `${path} is not in the work`,
    hint: named.length === 0 ? "It has changed no file" : `It changed: ${named.join(", ")}${more}`,
  };
}

function noSuchLine(message: string, hint: string): PlaceProblem {
  return { code: "no-such-line", message, hint };
}
