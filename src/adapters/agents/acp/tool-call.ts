/** A tool call of an ACP agent in our words: which of our tools it is like, what it is about, which files it changes. */
import path from "node:path";
import { type Fields, fieldsOf, listOf, textOf } from "../foreign-data.ts";
import { shorten } from "../session-io.ts";
import { SESSION_TOOLS, TOOL_SERVER } from "../session-tools.ts";

/** What is known of a call so far: agents tell it in pieces. */
export interface KnownCall {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly title: string;
  /** `pending`, `in_progress`, `completed`, `failed`. */
  readonly status: string;
  readonly input: Fields;
  /** Paths as the agent gives them. */
  readonly paths: readonly string[];
  /** Paths whose content it shows a change of. */
  readonly diffs: readonly string[];
  readonly output: string;
}

export const UNKNOWN_CALL: KnownCall = {
  id: "",
  kind: "",
  name: "",
  title: "",
  status: "pending",
  input: {},
  paths: [],
  diffs: [],
  output: "",
};

/** For people; a command says what it changes, and that may stand at its end. */
const TARGET_LENGTH = 300;
const COMMAND_LENGTH = 8000;

/** Kinds of the protocol as the names that roles and the watch for trouble know. */
const NAMES: Readonly<Record<string, string>> = {
  read: "Read",
  search: "Grep",
  edit: "Edit",
  delete: "Delete",
  move: "Move",
  execute: "Bash",
  fetch: "WebFetch",
  think: "Think",
};
const OUR_NAMES =
  /^(?:Read|Glob|Grep|Write|Edit|MultiEdit|NotebookEdit|Bash|WebFetch|WebSearch|mcp__signalbox__\w+)$/;
const CHANGING = ["edit", "delete", "move"];
const FILE_KEYS = ["file_path", "filePath", "notebook_path", "absolute_path", "path"];
const OTHER_KEYS = ["pattern", "url", "query", "description"];

/** The call with what an update adds; what the update leaves out stays. */
export function withUpdate(call: KnownCall, update: Fields): KnownCall {
  const content = listOf(update.content);
  const diffs = content.filter((one) => one.type === "diff").map((one) => textOf(one.path));
  const paths = listOf(update.locations).map((one) => textOf(one.path));
  const input = fieldsOf(update.rawInput);
  return {
    id: textOf(update.toolCallId) || call.id,
    kind: textOf(update.kind) || call.kind,
    name: textOf(update.name) || textOf(fieldsOf(fieldsOf(update._meta).claudeCode).toolName) || call.name,
    title: textOf(update.title) || call.title,
    status: textOf(update.status) || call.status,
    input: Object.keys(input).length === 0 ? call.input : input,
    paths: paths.length === 0 ? call.paths : paths,
    diffs: diffs.length === 0 ? call.diffs : diffs,
    output: outputOf(update, content) || call.output,
  };
}

function outputOf(update: Fields, content: readonly Fields[]): string {
  if (typeof update.rawOutput === "string") return update.rawOutput;
  return content.map((one) => textOf(fieldsOf(one.content).text)).join("\n");
}

/** True once it says what it is about. */
export function isTelling({ input, paths, diffs, status }: KnownCall): boolean {
  return status !== "pending" || paths.length > 0 || diffs.length > 0 || Object.keys(input).length > 0;
}

export function toolOf(call: KnownCall): string {
  if (isOwnTool(call)) return `mcp__${TOOL_SERVER}__${ownToolOf(call)}`;
  if (OUR_NAMES.test(call.name)) return call.name;
  return NAMES[call.kind] ?? (shorten(call.name || call.title, 80) || "unknown");
}

/** What it is about: its command, file, pattern or address. */
export function targetOf(call: KnownCall): string {
  const command = commandOf(call);
  if (command !== "") return shorten(command, COMMAND_LENGTH);
  const file = filesOf(call)[0];
  const key = OTHER_KEYS.find((name) => typeof call.input[name] === "string");
  return shorten(file ?? (key === undefined ? call.title : textOf(call.input[key])), TARGET_LENGTH);
}

function commandOf({ input }: KnownCall): string {
  const command = input.command ?? input.cmd;
  return Array.isArray(command) ? command.map(String).join(" ") : textOf(command);
}

/** Files that it names, each once. */
export function filesOf({ input, paths, diffs }: KnownCall): readonly string[] {
  const inputs = FILE_KEYS.map((key) => textOf(input[key]));
  return [...new Set([...diffs, ...paths, ...inputs])].filter((file) => file !== "");
}

/** True for calls that change files by themselves, commands aside. */
export function isChange(call: KnownCall): boolean {
  return CHANGING.includes(call.kind) || call.diffs.length > 0;
}

/** Names of the tools that we offer to ACP agents. */
const OWN: readonly string[] = [...SESSION_TOOLS.map(({ name }) => name), "submit_answer"];

/** True for a call of a tool of our own MCP server, however the agent names it. */
export function isOwnTool(call: KnownCall): boolean {
  const isOurs = `${call.name} ${call.title}`.includes(TOOL_SERVER);
  return isOurs && ownToolOf(call) !== "" && !isChange(call) && call.kind !== "execute";
}

function ownToolOf({ name, title }: KnownCall): string {
  return OWN.find((tool) => `${name} ${title}`.includes(tool)) ?? "";
}

/** An absolute path of the file. */
export function absolute(cwd: string, file: string): string {
  return path.resolve(cwd, file);
}
