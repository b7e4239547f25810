/** What goes into a running session of the Agent SDK: the prompt first, then what people say, until the input is closed. */
import type { SDKUserMessage } from "@anthropic-ai/claude-agent-sdk";

export interface PromptStream extends AsyncIterable<SDKUserMessage> {
  /** False when the input is closed already. */
  push(text: string): boolean;
  isOpen(): boolean;
  close(): void;
}

export function promptStream(prompt: string): PromptStream {
  const waiting: SDKUserMessage[] = [userMessage(prompt)];
  let open = true;
  let wake = (): void => {};

  async function* messages(): AsyncGenerator<SDKUserMessage> {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (!open) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  return {
    push: (text) => {
      if (!open) return false;
      waiting.push(userMessage(text));
      wake();
      return true;
    },
    isOpen: () => open,
    close: () => {
      open = false;
      wake();
    },
    [Symbol.asyncIterator]: messages,
  };
}

/** One message of a user, as the program reads it on its standard input as well. */
export function userMessage(text: string): SDKUserMessage {
  return {
    type: "user",
    message: { role: "user", content: [{ type: "text", text }] },
    parent_tool_use_id: null,
  };
}

/** The same after the turn was ended for it. */
export function interruptedBy(text: string, by: string): string {
  return `${by} interrupted you. What was under way is not wanted as it was; the work so far is still there. ${saidBy(text, by)}`;
}

/** How a person's words stand in the conversation, so that they are not taken for the text of a file or a tool. */
export function saidBy(text: string, by: string): string {
  return `${by} says, while this session runs:\n\n${text}`;
}
