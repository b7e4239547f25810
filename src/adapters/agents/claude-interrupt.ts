/** Ends turns of the `claude` command over its standard input, in the protocol that the Agent SDK speaks with it. */
import { fieldsOf, isFields } from "./foreign-data.ts";
import { userMessage } from "./prompt-stream.ts";

export interface Interrupts {
  /** Asks for the end of the turn, then says the text; false when the program reads nothing any more. */
  begin(text: string): boolean;
  /** True for messages that belong to an interrupt and to nobody else: its acknowledgement, and the end of the turn that it ended. */
  takes(message: unknown): boolean;
}

/** `write` puts a message on the program's input; false when that is closed. */
export function openInterrupts(write: (message: unknown) => boolean): Interrupts {
  /** What is said once the request of that id is answered: before, it could be taken for a part of the turn. */
  const waiting = new Map<string, string>();
  let ended = 0;
  let number = 0;
  return {
    begin: (text) => {
      number += 1;
      const id = `signalbox-${number}`;
      if (!write({ type: "control_request", request_id: id, request: { subtype: "interrupt" } }))
        return false;
      waiting.set(id, text);
      ended += 1;
      return true;
    },
    takes: (message) => {
      if (!isFields(message)) return false;
      if (message.type === "result" && ended > 0) {
        ended -= 1;
        return true;
      }
      if (message.type !== "control_response") return false;
      const id = String(fieldsOf(message.response).request_id);
      const text = waiting.get(id);
      waiting.delete(id);
      if (text !== undefined) write(userMessage(text));
      return true;
    },
  };
}
