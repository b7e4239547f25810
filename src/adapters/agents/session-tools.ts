/**
 * Tools of ours inside a session of the Agent SDK. What an agent says through them is a note for people: state comes from
 * files, git and checks, so none of them can approve, finish or change anything.
 */
import type { McpSdkServerConfigWithInstance } from "@anthropic-ai/claude-agent-sdk";
import { z } from "zod";
import type { Emit } from "./session-io.ts";
import { shorten } from "./session-io.ts";

type Sdk = typeof import("@anthropic-ai/claude-agent-sdk");

const SERVER = "signalbox";

interface SessionTool {
  readonly name: string;
  readonly description: string;
  readonly field: string;
  readonly about: string;
  /** What the agent is told. */
  readonly reply: string;
}

const TOOLS: readonly SessionTool[] = [
  {
    name: "register_artifact",
    description: "Name a file that this session has written.",
    field: "path",
    about: "path from the root of the repository",
    reply: "Noted. The coordinator verifies the file when the session ends.",
  },
  {
    name: "report_progress",
    description: "Tell people who watch what was done and what comes next, in one sentence.",
    field: "message",
    about: "one sentence",
    reply: "Noted.",
  },
  {
    name: "raise_blocker",
    description: "Tell people about something that keeps the work from being done properly.",
    field: "reason",
    about: "what is missing and who could provide it",
    reply: "Noted. Do what can be done without it, and state in the work what is missing.",
  },
  {
    name: "ask_user",
    description: "Leave a question for a person. Nobody answers while the session runs.",
    field: "question",
    about: "one question",
    reply:
      "Noted. Nobody answers during the session: go on with the safest assumption and state it in the work.",
  },
];

/** Names as permission rules know them. */
export const SESSION_TOOL_NAMES: readonly string[] = TOOLS.map((tool) => `mcp__${SERVER}__${tool.name}`);

/** The server that offers the tools; every call becomes a `note` event. */
export function sessionToolServer(
  sdk: Sdk,
  emit: Emit,
): Readonly<Record<string, McpSdkServerConfigWithInstance>> {
  const tools = TOOLS.map((tool) =>
    sdk.tool(
      tool.name,
      tool.description,
      { [tool.field]: z.string().min(1).describe(tool.about) },
      (input) => {
        emit({ type: "note", text: `${tool.name}: ${shorten(String(input[tool.field]), 1000)}` });
        return Promise.resolve({ content: [{ type: "text" as const, text: tool.reply }] });
      },
    ),
  );
  return { [SERVER]: sdk.createSdkMcpServer({ name: SERVER, version: "1.0.0", tools }) };
}
