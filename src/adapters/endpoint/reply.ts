/** What a scripted model says next, derived from the assignment and from the tool calls made so far. */
import path from "node:path";
import { structuredAnswer } from "../scenario/answer.ts";
import { artifactText } from "../scenario/artifact.ts";
import { plannedEdits } from "../scenario/changes.ts";
import type { PromptFacts } from "../scenario/header.ts";
import { plannedAsks, plannedCalls, withRemarks } from "../scenario/live.ts";
import { closingReport } from "../scenario/report.ts";
import type { Fault, Scenario } from "../scenario/scenario.ts";
import { spoilAnswer } from "../scenario/spoil.ts";
import type { ModelRequest, ToolStep } from "./request.ts";

interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Reply {
  readonly text: string;
  readonly tools: readonly ToolCall[];
}

export interface ReplyRequest {
  readonly request: ModelRequest;
  readonly facts: PromptFacts;
  readonly scenario: Scenario;
  /** Judge sample, 1-based. */
  readonly sample: number;
  readonly fault: Fault | null;
}

/** Tries of one write before the scripted model gives up and says so. */
const WRITE_TRIES = 3;

const REGISTER_TOOL = "mcp__signalbox__register_artifact";
const ASK_TOOL = "mcp__signalbox__ask_user";

/** The next reply of an assignment. */
export function nextReply(asked: ReplyRequest): Reply {
  return writing(asked) ?? answering(asked);
}

/** The next tool call of the work on files; null when it is done, refused or not wanted. */
function writing(asked: ReplyRequest): Reply | null {
  const { facts, fault, request } = asked;
  if (!["create", "revise", "synthesis"].includes(facts.task) || !request.tools.includes("Write"))
    return null;
  if ((fault === "denied-write" || fault === "blocked") && !tried(request.steps, outsidePath(request))) {
    return call("Starts with a note beside the worktree.", "Write", {
      file_path: outsidePath(request),
      content: "outside\n",
    });
  }
  if (fault === "blocked" || fault === "no-artifact") return null;
  const before = asking(asked) ?? calling(asked);
  if (before !== null) return before;
  for (const file of wantedFiles(asked)) {
    const next = nextForFile(request, file);
    if (next !== null) return next;
  }
  return registering(request, facts) ?? calling(asked, "work");
}

/** The next question to a person that has no answer yet. */
function asking({ request, facts, scenario }: ReplyRequest): Reply | null {
  const asked = request.steps.filter((step) => step.name === ASK_TOOL);
  const next = plannedAsks(scenario, facts)[asked.length];
  if (next === undefined || !request.tools.includes(ASK_TOOL)) return null;
  const { question, options } = next;
  return call("", ASK_TOOL, { question, ...(options === undefined ? {} : { options }) });
}

/** The next of the calls that the scenario wants before or after the work; how many were made is read from the conversation. */
function calling({ request, facts, scenario }: ReplyRequest, after?: "work"): Reply | null {
  for (const planned of plannedCalls(scenario, facts, after)) {
    const { tool, input = {}, times = 1, until } = planned;
    if (until === "told" && request.told.length > 0) continue;
    const made = request.steps.filter((step) => step.name === tool && sameInput(step.input, input));
    if (made.length < times) return call(`Calls ${tool}.`, tool, input);
  }
  return null;
}

function sameInput(made: ToolCall["input"], planned: ToolCall["input"]): boolean {
  return Object.entries(planned).every(([key, value]) => JSON.stringify(made[key]) === JSON.stringify(value));
}

/** Answers of people to this session, and what they said to it. */
function remarksOf(request: ModelRequest): readonly string[] {
  const answers = request.steps.filter((step) => step.name === ASK_TOOL && step.output !== "");
  return [...answers.map((step) => `${String(step.input.question)} ${step.output}`), ...request.told];
}

/** Names the written file through the tool for it, where that is offered. */
function registering(request: ModelRequest, facts: PromptFacts): Reply | null {
  const offered =
    request.tools.includes(REGISTER_TOOL) && facts.artifact !== null && facts.artifact !== "commit";
  if (!offered || !request.steps.some((step) => step.name === "Write" && !step.error)) return null;
  if (request.steps.some((step) => step.name === REGISTER_TOOL)) return null;
  return call("", REGISTER_TOOL, { path: facts.artifact });
}

interface WantedFile {
  readonly path: string;
  readonly content: (before: string | null) => string;
  /** True where the words of people stand in it, so that it is written again when more were said. */
  readonly carriesWords: boolean;
}

function wantedFiles({ request, facts, scenario, fault }: ReplyRequest): readonly WantedFile[] {
  const absolute = (name: string): string => path.resolve(request.cwd ?? "/", name);
  if (facts.artifact === null) return [];
  if (facts.artifact === "commit") {
    return plannedEdits(scenario, facts, facts.writes).map((edit) => ({
      path: absolute(edit.path),
      content: edit.apply,
      carriesWords: false,
    }));
  }
  const text =
    fault === "empty-artifact"
      ? ""
      : withRemarks(artifactText(facts, scenario.seed ?? ""), remarksOf(request));
  return [{ path: absolute(facts.artifact), content: () => text, carriesWords: true }];
}

/** Reads first: the agent program refuses to overwrite a file that was not read in the conversation. */
function nextForFile(request: ModelRequest, file: WantedFile): Reply | null {
  const writes = request.steps.filter((step) => step.name === "Write" && step.input.file_path === file.path);
  const isTold = (step: ToolStep): boolean =>
    !file.carriesWords || request.told.every((text) => String(step.input.content).includes(text));
  if (writes.some((step) => !step.error && isTold(step)) || writes.length >= WRITE_TRIES) return null;
  if (writes.some((step) => isDenied(step))) return null;
  const read = request.steps.findLast((step) => step.name === "Read" && step.input.file_path === file.path);
  if (read === undefined && request.tools.includes("Read")) {
    return call(`Looks at ${path.basename(file.path)} first.`, "Read", { file_path: file.path });
  }
  const before = read === undefined || read.error ? null : contentOf(read.output);
  return call(`Writes ${path.basename(file.path)}.`, "Write", {
    file_path: file.path,
    content: file.content(before),
  });
}

function answering({ request, facts, scenario, sample, fault }: ReplyRequest): Reply {
  const done = doneText(request, facts, scenario);
  const { answer: asked } = request;
  const answered = request.steps.some((step) => step.name === asked?.tool && !step.error);
  if (asked === null || answered || fault === "prose") return { text: done, tools: [] };
  const answer = spoilAnswer(structuredAnswer({ facts, schema: asked.schema, scenario, sample }), fault);
  return { text: "", tools: [{ name: asked.tool, input: answer as Readonly<Record<string, unknown>> }] };
}

function doneText(request: ModelRequest, facts: PromptFacts, scenario: Scenario): string {
  const refused = request.steps.filter((step) => step.name === "Write" && step.error);
  if (refused.length > 0 && !request.steps.some((step) => step.name === "Write" && !step.error)) {
    return `The file could not be written: ${refused.at(-1)?.output.slice(0, 200) ?? ""}`;
  }
  return closingReport(facts, scenario.seed ?? "");
}

function call(text: string, name: string, input: ToolCall["input"]): Reply {
  return { text, tools: [{ name, input }] };
}

function outsidePath(request: ModelRequest): string {
  return path.resolve(request.cwd ?? "/", "..", "outside.md");
}

function tried(steps: readonly ToolStep[], target: string): boolean {
  return steps.some((step) => step.name === "Write" && step.input.file_path === target);
}

function isDenied(step: ToolStep): boolean {
  return step.error && /hook error|denied|permission/i.test(step.output);
}

/** File content from the numbered lines that the Read tool returns. */
function contentOf(output: string): string {
  const lines = output.split("\n").map((line) => /^\s*\d+(?:→|\t)(.*)$/.exec(line)?.[1]);
  const content = lines.filter((line): line is string => line !== undefined);
  return content.length === 0 ? "" : `${content.join("\n")}\n`;
}
