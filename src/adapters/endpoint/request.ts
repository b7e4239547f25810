/** What a scripted model reads from one request of the Messages API: nothing is remembered between requests. */
import { hasHeader, type PromptFacts, readPrompt } from "../scenario/header.ts";
import { isRecord, type JsonSchema } from "../scenario/json-schema.ts";

/** A finished tool call of the present assignment. */
export interface ToolStep {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly error: boolean;
  /** Text of its result; empty while there is none. */
  readonly output: string;
}

export interface ModelRequest {
  readonly model: string;
  readonly stream: boolean;
  /** Names of the tools on offer. */
  readonly tools: readonly string[];
  /** How a structured answer is given, when one is asked for. */
  readonly answer: { readonly tool: string; readonly schema: JsonSchema } | null;
  /** The last prompt with a header; null for helper calls. */
  readonly facts: PromptFacts | null;
  /** Tool calls since that prompt, oldest first. */
  readonly steps: readonly ToolStep[];
  /** What people said to the session since that prompt. */
  readonly told: readonly string[];
  readonly cwd: string | null;
  readonly sessionId: string | null;
}

/** The tools by which an agent program, or its host, asks for a structured answer. */
const ANSWER_TOOLS: readonly string[] = ["StructuredOutput", "mcp__signalbox__submit_answer"];

/** Reads a request body; whatever is missing becomes empty. */
export function readRequest(body: unknown, sessionId: string | null): ModelRequest {
  const fields = isRecord(body) ? body : {};
  const messages = listOf(fields.messages).filter(isRecord);
  const tools = listOf(fields.tools).filter(isRecord);
  const start = messages.findLastIndex(
    (message) => message.role === "user" && hasHeader(textOf(message.content)),
  );
  const prompt = start < 0 ? "" : promptIn(messages[start]?.content);
  return {
    model: typeof fields.model === "string" ? fields.model : "scripted",
    stream: fields.stream === true,
    tools: tools.map((tool) => String(tool.name)),
    answer: answerIn(tools),
    facts: readPrompt(prompt),
    steps: stepsOf(messages.slice(start + 1)),
    told: messages.slice(start + 1).flatMap((message) => toldIn(textOf(message.content))),
    cwd: cwdOf([textOf(fields.system), ...messages.map((message) => textOf(message.content))]),
    sessionId,
  };
}

function answerIn(tools: readonly Readonly<Record<string, unknown>>[]): ModelRequest["answer"] {
  const tool = tools.find(({ name }) => ANSWER_TOOLS.includes(String(name)));
  return isRecord(tool?.input_schema) ? { tool: String(tool.name), schema: tool.input_schema } : null;
}

/** Only the block that carries the header: reminders around it are not part of the assignment. */
function promptIn(content: unknown): string {
  if (typeof content === "string") return content;
  const texts = listOf(content).map((block) =>
    isRecord(block) && block.type === "text" ? String(block.text) : "",
  );
  return texts.findLast(hasHeader) ?? "";
}

function stepsOf(messages: readonly Readonly<Record<string, unknown>>[]): readonly ToolStep[] {
  const results = new Map<string, { readonly error: boolean; readonly output: string }>();
  const blocks = messages.flatMap((message) => listOf(message.content).filter(isRecord));
  for (const block of blocks) {
    if (block.type !== "tool_result") continue;
    results.set(String(block.tool_use_id), { error: block.is_error === true, output: textOf(block.content) });
  }
  return blocks
    .filter((block) => block.type === "tool_use")
    .map((block) => ({
      name: String(block.name),
      input: isRecord(block.input) ? block.input : {},
      ...(results.get(String(block.id)) ?? { error: false, output: "" }),
    }));
}

/** The words of a person stand after this phrase, also where the program has put them into a reminder. */
function toldIn(text: string): readonly string[] {
  return [...text.matchAll(/says, while this session runs:\s+(.+)/g)].map((match) => match[1]?.trim() ?? "");
}

/** The agent program states its folder in a system text, often in the middle of the conversation. The last one holds. */
function cwdOf(texts: readonly string[]): string | null {
  const found = texts.flatMap((text) => [...text.matchAll(/working directory:\s*(\/\S[^\n]*)/gi)]);
  return found.at(-1)?.[1]?.trim() ?? null;
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return listOf(content)
    .map((block) => (isRecord(block) && typeof block.text === "string" ? block.text : ""))
    .join("\n");
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
