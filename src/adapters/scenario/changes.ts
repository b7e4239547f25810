/** File changes of a deliverable that makes a commit: small, real, and inside what it may write. */
import picomatch from "picomatch";
import type { PromptFacts } from "./header.ts";
import { revisionLine } from "./report.ts";
import { type DeliverableScenario, type Scenario, settingsFor } from "./scenario.ts";

export interface PlannedEdit {
  readonly path: string;
  /** New content from the old one (null = the file is not there). */
  readonly apply: (before: string | null) => string;
  /** Where the file moves to. */
  readonly to?: string;
}

/** Edits for a prompt whose artifact is `commit`. `writes` are repository-relative globs; `**` or none = anywhere. */
export function plannedEdits(
  scenario: Scenario,
  facts: PromptFacts,
  writes: readonly string[],
): readonly PlannedEdit[] {
  const conflicting = facts.header.join?.split(" ") ?? [];
  if (conflicting.length > 0) return conflicting.map((path) => ({ path, apply: joining(scenario, facts) }));
  const edits = settingsFor(scenario, facts).edits?.filter(({ round }) => isRound(round, facts.round));
  const line = `${facts.deliverable} round ${facts.round}: ${revisionLine(facts, scenario.seed ?? "")}`;
  if (edits === undefined) {
    const path = defaultPath(facts.deliverable, writes);
    return [{ path, apply: (before) => withLine(before, undefined, commentFor(path, line)) }];
  }
  return edits.map((edit) => ({
    path: edit.path,
    apply: (before) => edited(before, edit, commentFor(edit.path, line)),
    ...(edit.to === undefined ? {} : { to: edit.to }),
  }));
}

type Edit = NonNullable<DeliverableScenario["edits"]>[number];

/** A move alone changes no line. */
function edited(before: string | null, { line, text, take, to }: Edit, comment: string): string {
  if (take !== undefined) return withoutLine(before, take);
  if (to !== undefined && text === undefined) return before ?? "";
  return withLine(before, line, text ?? comment);
}

function withoutLine(before: string | null, line: string): string {
  const lines = (before ?? "").split("\n");
  const at = lines.indexOf(line);
  return at < 0 ? (before ?? "") : lines.toSpliced(at, 1).join("\n");
}

/** Takes the marks of a conflict out, and of the two sides what the scenario does not keep. */
function joining(scenario: Scenario, facts: PromptFacts): PlannedEdit["apply"] {
  const planned = settingsFor(scenario, facts).joins?.find(({ round }) => isRound(round, facts.round));
  const { keep = "both", text } = planned ?? {};
  return (before) => {
    if (text !== undefined) return text;
    let side: "own" | "merged" | null = null;
    const kept = (before ?? "").split("\n").filter((line) => {
      if (line.startsWith("<<<<<<<")) side = "own";
      else if (side === "own" && line.startsWith("=======")) side = "merged";
      else if (line.startsWith(">>>>>>>")) side = null;
      else return side === null || keep === "both" || keep === side;
      return false;
    });
    return kept.join("\n");
  };
}

function isRound(planned: number | readonly number[] | undefined, round: number): boolean {
  return planned === undefined || (typeof planned === "number" ? planned === round : planned.includes(round));
}

function defaultPath(deliverable: string, writes: readonly string[]): string {
  const slug = deliverable.replaceAll(/[^A-Za-z0-9-]+/g, "-");
  const first = writes.find((glob) => !/(^|\/)orchestration\//.test(glob)) ?? writes[0];
  if (first === undefined || first === "**" || first === "**/*") return `docs/changes/${slug}.md`;
  const parts = picomatch.scan(first);
  if (!parts.isGlob) return first;
  const extension = /\.([A-Za-z0-9]+)$/.exec(parts.glob)?.[1] ?? "md";
  return [parts.base, `${slug}.${extension}`].filter((part) => part !== "").join("/");
}

function commentFor(path: string, line: string): string {
  if (/\.(?:[cm]?[jt]sx?|java|go|rs|c|h|cpp|cs|kt|swift)$/.test(path)) return `// ${line}`;
  if (/\.(?:py|sh|rb|ya?ml|toml)$/.test(path)) return `# ${line}`;
  return `- ${line}`;
}

function withLine(before: string | null, line: number | undefined, text: string): string {
  const lines = before === null || before === "" ? [] : before.replace(/\n$/, "").split("\n");
  if (line === undefined || line > lines.length) lines.push(text);
  else lines[line - 1] = text;
  return `${lines.join("\n")}\n`;
}
