/** What a scripted agent reads from a prompt: the header block, the lists of its sections and the paths that it names. */

export const TASKS = ["create", "revise", "critique", "judge", "handoff", "synthesis"] as const;
export type Task = (typeof TASKS)[number];

export interface PromptFacts {
  readonly task: Task;
  readonly workflow: string;
  /** Id of the deliverable; `unknown` when the header has none. */
  readonly deliverable: string;
  readonly role: string;
  /** From `round: 2 of 3`; both 1 when absent. */
  readonly round: number;
  readonly rounds: number;
  readonly attempt: number;
  readonly epoch: number;
  /** Judge sample or critic part, where the header tells it. */
  readonly sample: number | null;
  /** Repository-relative path, or `commit`; null when nothing is to be written. */
  readonly artifact: string | null;
  readonly threshold: number;
  readonly findingsMinimum: number;
  readonly header: Readonly<Record<string, string>>;
  /** Heading of the prompt; empty when it has none. */
  readonly title: string;
  /** First sentence or two that say what is wanted. */
  readonly goal: string;
  /** Paths named in sections about inputs. */
  readonly inputs: readonly string[];
  /** Globs named in sections about what may be written. */
  readonly writes: readonly string[];
  /** Items of sections about criteria. */
  readonly criteria: readonly string[];
  /** Finding ids such as `F-1-2` that the prompt lists. */
  readonly findingIds: readonly string[];
  /** Ids to which the closing report is to have an answer each. */
  readonly asked: readonly string[];
  readonly text: string;
}

const HEADER_START = /^signalbox-task:[ \t]*\S/m;
const HEADER_LINE = /^([a-z][a-z0-9-]*):[ \t]*(.*)$/;

/** True when a text carries a Signalbox header, wherever it starts. */
export function hasHeader(text: string): boolean {
  return HEADER_START.test(text);
}

/** Facts of a prompt; null when it has no header or an unknown task. */
export function readPrompt(text: string): PromptFacts | null {
  const start = text.search(HEADER_START);
  if (start < 0) return null;
  const body = text.slice(start);
  const header = headerOf(body);
  const task = TASKS.find((known) => known === header["signalbox-task"]);
  if (task === undefined) return null;
  const sections = sectionsOf(body);
  const [round, rounds] = roundOf(header.round);
  return {
    task,
    workflow: header.workflow ?? "",
    deliverable: header.deliverable ?? "unknown",
    role: header.role ?? "",
    round,
    rounds,
    attempt: numberOf(header.attempt, 1),
    epoch: numberOf(header.epoch, 1),
    sample:
      header.sample === undefined && header.part === undefined
        ? null
        : numberOf(header.sample ?? header.part, 1),
    artifact: artifactOf(header.artifact),
    threshold: numberOf(header.threshold, 0.92),
    findingsMinimum: numberOf(header["findings-minimum"], 0),
    header,
    title: /^# (.+)$/m.exec(body)?.[1]?.trim() ?? "",
    goal: goalOf(sections),
    inputs: unique(
      itemsOf(sections, /input|read|source/i)
        .filter((item) => !item.includes("was skipped"))
        .flatMap(pathsIn),
    ),
    writes: unique(itemsOf(sections, /writ|boundary|may change/i).flatMap(quotedIn)),
    criteria: itemsOf(sections, /criteri/i).map((item) => item.replace(/^criterion_\d+:\s*/, "")),
    findingIds: unique(body.match(/\bF-\d+-\d+\b/g) ?? []),
    asked: askedIn(body),
    text: body,
  };
}

function askedIn(body: string): readonly string[] {
  const below = /^ +Answers:\n((?: +- (?:F-\d+-\d+|C-\d+): .*\n?)+)/m.exec(body)?.[1] ?? "";
  return [...below.matchAll(/^ +- (F-\d+-\d+|C-\d+):/gm)].map((match) => match[1] ?? "");
}

function headerOf(body: string): Record<string, string> {
  const header: Record<string, string> = {};
  for (const line of body.split("\n")) {
    const match = HEADER_LINE.exec(line.trimEnd());
    if (match?.[1] === undefined) break;
    header[match[1]] = (match[2] ?? "").trim();
  }
  return header;
}

function roundOf(text: string | undefined): readonly [number, number] {
  const match = /^(\d+)(?:\s*(?:of|\/)\s*(\d+))?/.exec(text ?? "");
  const round = Number(match?.[1] ?? 1);
  return [round, Number(match?.[2] ?? round)];
}

function numberOf(text: string | undefined, fallback: number): number {
  const value = Number.parseFloat(text ?? "");
  return Number.isFinite(value) ? value : fallback;
}

function artifactOf(text: string | undefined): string | null {
  return text === undefined || text === "" || text === "none" || text === "-"
    ? null
    : text.replaceAll("`", "");
}

interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Sections start at a Markdown heading or at a line that ends in a colon; quoted data is left out. */
function sectionsOf(body: string): readonly Section[] {
  const sections: { title: string; lines: string[] }[] = [{ title: "", lines: [] }];
  for (const line of unquoted(body)) {
    const title = /^#{1,6}\s+(.*)$/.exec(line)?.[1] ?? /^([A-Z][^:.]{2,60}):\s*$/.exec(line)?.[1];
    if (title === undefined) sections.at(-1)?.lines.push(line);
    else sections.push({ title, lines: [] });
  }
  return sections;
}

/** Lines outside code fences and outside the marks around data: what others wrote is no part of the assignment. */
function unquoted(body: string): readonly string[] {
  const lines: string[] = [];
  let end: string | null = null;
  for (const line of body.split("\n")) {
    if (end !== null) {
      if (line.trim() === end) end = null;
      continue;
    }
    end = line.trim() === "<<<DATA" ? "DATA>>>" : (/^\s*(`{3,}|~{3,})/.exec(line)?.[1] ?? null);
    if (end === null) lines.push(line);
  }
  return lines;
}

function itemsOf(sections: readonly Section[], title: RegExp): readonly string[] {
  return sections
    .filter((section) => title.test(section.title))
    .flatMap((section) => section.lines)
    .map((line) => /^\s*(?:[-*]|\d+[.)])\s+(?:\[[ x]\]\s+)?(.+)$/.exec(line)?.[1]?.trim())
    .filter((item): item is string => item !== undefined);
}

function goalOf(sections: readonly Section[]): string {
  const titled = [/^brief/i, /goal|task|assignment/i].flatMap((title) =>
    sections.filter((s) => title.test(s.title)),
  );
  const lines = titled
    .flatMap((section) => section.lines)
    .map((text) => text.replace(/^\s*[-*]\s+/, "").trim());
  return lines.find((text) => text.length > 0) ?? "";
}

function quotedIn(item: string): readonly string[] {
  const quoted = [...item.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
  if (quoted.length > 0) return quoted;
  const bare = /^\S+$/.exec(item)?.[0];
  return bare === undefined ? [] : [bare];
}

function pathsIn(item: string): readonly string[] {
  const quoted = quotedIn(item).filter((text) => !/\s/.test(text));
  return quoted.length > 0 ? quoted : (item.match(/[\w@.-]+(?:\/[\w@.-]+)+/g) ?? []).slice(0, 1);
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}
