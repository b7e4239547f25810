/** Comments on lines, for people: where each stands now, what it says, and what became of it. */
import type { PlaceNow } from "../../core/review/map-line.ts";
import { placeText } from "../../core/workflow/comment.ts";
import { clip, wrap } from "../output/clip.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import type { CommentView } from "./comments.ts";
import type { LineOptions } from "./meeting-lines.ts";

const READABLE = 100;

/** Those that nobody has resolved; with `all`, the others too. */
export function commentLines(
  views: readonly CommentView[],
  options: LineOptions,
  all = false,
): readonly string[] {
  return views
    .filter(({ status }) => all || status !== "resolved")
    .flatMap((view) => oneComment(view, options));
}

function oneComment(view: CommentView, { style, width }: LineOptions): readonly string[] {
  const { comment, now } = view;
  const room = Math.min(width, READABLE) - 9;
  const head = `${plainLine(placeText("path" in now ? now : comment))}  ${style.dim(`${comment.by}, round ${comment.round}`)}`;
  const details = [
    ...(comment.quote === undefined
      ? []
      : [style.dim(clip(`> ${plainLine(comment.quote)}`, room, style.symbol.ellipsis))]),
    ...warningOf(view, style),
    ...fateOf(view),
  ];
  return [
    `  ${style.bold(comment.id)}  ${head}`,
    ...comment.text
      .split("\n")
      .flatMap((line) => wrap(plainLine(line), room))
      .map((line) => `         ${line}`),
    ...details.flatMap((line) => wrap(line, room)).map((line) => `         ${line}`),
  ];
}

function warningOf({ comment, now }: CommentView, style: Style): readonly string[] {
  const text = changeText(now, placeText(comment), comment.line === null);
  return text === null ? [] : [`${style.yellow(style.symbol.warn)} ${text}`];
}

/** What became of the place; null where it is as it was. */
function changeText(now: PlaceNow, was: string, whole: boolean): string | null {
  if (now.kind === "unknown") return "its commit is not here, so nobody can tell where the line is now";
  const moved = placeText(now) === was ? "" : `it was ${plainLine(was)}`;
  switch (now.kind) {
    case "there":
      return moved === "" ? null : moved;
    case "changed":
      return `the ${whole ? "file" : "line"} has changed since${moved === "" ? "" : `; ${moved}`}`;
    case "gone":
      return now.line === null ? "the file is gone" : `the line is gone; it was ${plainLine(was)}`;
    default:
      return now satisfies never;
  }
}

function fateOf({ comment, status, away }: CommentView): readonly string[] {
  const { answer, resolved, handed } = comment;
  const said = answer === undefined ? [] : [`its agent, round ${answer.round}: ${plainLine(answer.text)}`];
  if (resolved !== undefined) {
    const why = resolved.text === "" ? "" : `: ${plainLine(resolved.text)}`;
    return [...said, `resolved by ${resolved.by}${why}`];
  }
  if (status === "handed" && away) return ["its agent works on it"];
  if (status === "handed")
    return [`told to its agent after round ${handed?.round ?? comment.round}, which said nothing to it`];
  return said;
}
