/** What a session is asked: its text, charter, tools and limits of writing. */
import type { JsonSchema } from "../quality/schema.ts";

export interface PromptRequest {
  readonly prompt: string;
  /** Text for the system prompt. */
  readonly charter: string;
  /** Schema of the structured answer; absent where the answer is text. */
  readonly schema?: JsonSchema;
  /** Exact tool names that are allowed; empty = none. */
  readonly tools: readonly string[];
  /** Repository-relative globs that may be written; empty = read-only. */
  readonly writes: readonly string[];
  /** Files whose content goes where the prompt has its placeholder, read at the commit under review. */
  readonly quote: readonly string[];
  /** True where the placeholder takes the diff of the attempt against its base instead of files. */
  readonly quoteDiff: boolean;
}
