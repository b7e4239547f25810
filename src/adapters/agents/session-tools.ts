/**
 * Tools of ours inside a session, the same through the Agent SDK and through an MCP server. What an agent says through them is a note for
 * people, or a question that waits for one: state comes from files, git and checks, so none of them can approve, finish or change anything.
 */
import type { McpSdkServerConfigWithInstance } from "@anthropic-ai/claude-agent-sdk";
import { z } from "zod";
import type { AgentIo } from "../../ports/session-host.ts";
import type { Emit } from "./session-io.ts";
import { shorten } from "./session-io.ts";

type Sdk = typeof import("@anthropic-ai/claude-agent-sdk");

/** Name of the server, as it stands in the names of its tools. */
export const TOOL_SERVER = "signalbox";

/** What a call may reach. */
export interface ToolReach {
  readonly emit: Emit;
  readonly ask?: AgentIo["ask"];
}

export interface SessionTool {
  readonly name: string;
  readonly description: string;
  readonly shape: Readonly<Record<string, z.ZodType>>;
  /** JSON Schema of its input instead of a shape, together with `refuse`. */
  readonly inputSchema?: Readonly<Record<string, unknown>>;
  /** What is wrong with an input; null when it can be used. By default the shape tells. */
  readonly refuse?: (input: Readonly<Record<string, unknown>>) => string | null;
  /** What the agent is told. Never rejects. */
  readonly run: (input: Readonly<Record<string, unknown>>, reach: ToolReach) => Promise<string>;
}

const text = (about: string) => z.string().min(1).describe(about);

export const SESSION_TOOLS: readonly SessionTool[] = [
  noting("register_artifact", "Name a file that this session has written.", {
    field: "path",
    about: "path from the root of the repository",
    reply: "Noted. The coordinator verifies the file when the session ends.",
  }),
  noting("report_progress", "Tell people who watch what was done and what comes next, in one sentence.", {
    field: "message",
    about: "one sentence",
    reply: "Noted.",
  }),
  noting("raise_blocker", "Tell people about something that keeps the work from being done properly.", {
    field: "reason",
    about: "what is missing and who could provide it",
    reply: "Noted. Do what can be done without it, and state in the work what is missing.",
  }),
  {
    name: "ask_user",
    description:
      "Ask a person and wait for the answer. Only for what files, code and the assignment do not tell and what changes the work; " +
      "when nobody answers in time, the reply says so.",
    shape: {
      question: text("one question, with what it depends on"),
      options: z
        .array(z.string())
        .optional()
        .describe("answers to choose from, best first; free text is always possible"),
    },
    run: askUser,
  },
];

function noting(
  name: string,
  description: string,
  { field, about, reply }: { readonly field: string; readonly about: string; readonly reply: string },
): SessionTool {
  return {
    name,
    description,
    shape: { [field]: text(about) },
    run: (input, { emit }) => {
      emit({ type: "note", text: `${name}: ${shorten(String(input[field]), 1000)}` });
      return Promise.resolve(reply);
    },
  };
}

async function askUser(input: Readonly<Record<string, unknown>>, { emit, ask }: ToolReach): Promise<string> {
  const question = shorten(String(input.question), 2000);
  if (ask === undefined) {
    emit({ type: "note", text: `ask_user: ${question}` });
    return "Nobody can be asked here: take the most careful choice, and note the assumption in the work.";
  }
  const options = Array.isArray(input.options) ? input.options.map((one) => shorten(String(one), 200)) : [];
  const reply = await ask({ kind: "agent", question, choices: options.slice(0, 10) });
  return reply.by === null ? reply.text : `${reply.by} answers: ${reply.text}`;
}

/** Names as permission rules know them. */
export const SESSION_TOOL_NAMES: readonly string[] = SESSION_TOOLS.map(
  (tool) => `mcp__${TOOL_SERVER}__${tool.name}`,
);

/** The server that offers the tools inside the process of the Agent SDK. */
export function sessionToolServer(
  sdk: Sdk,
  reach: ToolReach,
): Readonly<Record<string, McpSdkServerConfigWithInstance>> {
  const tools = SESSION_TOOLS.map((tool) =>
    sdk.tool(tool.name, tool.description, tool.shape, async (input) => ({
      content: [{ type: "text" as const, text: await tool.run(input, reach) }],
    })),
  );
  return { [TOOL_SERVER]: sdk.createSdkMcpServer({ name: TOOL_SERVER, version: "1.0.0", tools }) };
}
