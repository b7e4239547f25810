/**
 * Structured answers of agents that have none of their own: through a tool of ours where the agent takes MCP servers, else as text. Either
 * way we validate, and whatever does not fit is no answer.
 */
import { z } from "zod";
import type { Fields } from "../foreign-data.ts";
import { isFields } from "../foreign-data.ts";
import { shorten } from "../session-io.ts";
import { type SessionTool, TOOL_SERVER } from "../session-tools.ts";

export const ANSWER_TOOL = "submit_answer";

export interface AnswerDesk {
  /** For the tool server of the session. */
  readonly tool: SessionTool;
  /** What the agent is told at the end of its prompt. */
  readonly request: string;
  /** The answer given by the tool, else the one in the text. `problem` says what is wrong with it. */
  read(text: string): { readonly value: unknown } | { readonly problem: string };
}

/** `schema` is JSON Schema of an object. */
export function openAnswerDesk(schema: Fields): AnswerDesk {
  const { $schema: _dialect, ...inputSchema } = schema;
  const shape = z.fromJSONSchema(inputSchema);
  let given: { readonly value: unknown } | null = null;
  const problemOf = (value: unknown): string | null => {
    const checked = shape.safeParse(value);
    return checked.success ? null : shorten(z.prettifyError(checked.error), 1500);
  };
  return {
    tool: {
      name: ANSWER_TOOL,
      description: "Give the answer of this session, as data. The last one counts.",
      shape: {},
      inputSchema,
      refuse: (value) => problemOf(named(inputSchema, value)),
      run: (value) => {
        given = { value: named(inputSchema, value) };
        return Promise.resolve("Taken. Nothing more is needed.");
      },
    },
    request: requestText(inputSchema),
    read: (text) => {
      if (given !== null) return given;
      const value = jsonIn(text);
      if (value === undefined) return { problem: "there is no JSON object in it" };
      const problem = problemOf(value);
      return problem === null ? { value } : { problem };
    },
  };
}

/** Agents add arguments of their own to a call (Gemini CLI: `wait_for_previous`); only what the schema names is the answer. */
function named({ properties, additionalProperties }: Fields, value: Fields): Fields {
  if (!isFields(properties) || additionalProperties !== false) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => Object.hasOwn(properties, key)));
}

function requestText(schema: Fields): string {
  return [
    "## How to answer",
    "",
    `Your answer is data. Where the tool \`${ANSWER_TOOL}\` of the server \`${TOOL_SERVER}\` is on offer, call it once with the answer.`,
    "Otherwise end with the answer as one JSON object and nothing after it. It must fit this JSON Schema:",
    "",
    "```json",
    JSON.stringify(schema, null, 1),
    "```",
  ].join("\n");
}

/** What an agent is told, once, whose answer does not fit. */
export function repairText(problem: string): string {
  return `The answer cannot be used: ${problem}\n\nGive it again as one JSON object that fits the schema, and nothing else.`;
}

/** The last JSON object of a text: the whole of it, a fenced block, or what stands between braces. */
function jsonIn(text: string): unknown {
  const fenced = [...text.matchAll(/```(?:json)?\s*\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  const braces = text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1);
  for (const part of [text, ...fenced.toReversed(), braces]) {
    const value = parsed(part);
    if (isFields(value)) return value;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
