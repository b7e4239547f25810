/** The turns of one session: the assignment, what people say in between, a second try at an answer that did not fit. */
import type { SessionEnd } from "../../../core/workflow/outcome.ts";
import type { AgentIo, SessionSpec } from "../../../ports/session-host.ts";
import { textOf } from "../foreign-data.ts";
import { interruptedBy, saidBy } from "../prompt-stream.ts";
import { type AnswerDesk, repairText } from "./answer.ts";
import { EndedEarly } from "./ending.ts";
import type { AcpLink } from "./link.ts";
import type { AcpReader } from "./reader.ts";

/** Limits that we watch ourselves. */
export interface Turns {
  /** Set once one is reached. */
  limit: SessionEnd | null;
  /** Ends the present turn; set while there is one. */
  stop?: () => void;
}

interface Talk {
  readonly spec: SessionSpec;
  readonly io: AgentIo;
  readonly reader: AcpReader;
  readonly answer: AnswerDesk | null;
  readonly turns: Turns;
  readonly link: AcpLink;
  readonly conversation: string;
  /** How long the agent may take to end a turn that was cancelled. */
  readonly cancelMs: number;
}

/** Prompts until nothing is left to say. Resolves with the reason why the last turn ended; rejects as requests do. */
export async function converse(talk: Talk): Promise<string> {
  const { io, reader, answer, turns } = talk;
  const waiting: string[] = [];
  let open = true;
  io.listen?.((text, by, how) => {
    if (!open) return false;
    waiting.push(how === "interrupt" ? interruptedBy(text, by) : saidBy(text, by));
    if (how === "interrupt") turns.stop?.();
    return true;
  });
  let repaired = false;
  let text = firstPrompt(talk);
  for (;;) {
    const reason = await turn(talk, text);
    const isOver = io.signal.aborted || turns.limit !== null;
    const said = isOver ? "" : waiting.splice(0).join("\n\n");
    const problem = isOver || repaired || reason !== "end_turn" ? null : problemOf(answer, reader);
    if (said === "" && problem === null) {
      open = false;
      return reason;
    }
    repaired ||= said === "";
    text = said === "" ? repairText(problem ?? "") : said;
  }
}

function problemOf(answer: AnswerDesk | null, reader: AcpReader): string | null {
  const given = answer?.read(reader.text);
  return given !== undefined && "problem" in given ? given.problem : null;
}

/** Charter and instructions first: the agent has no system prompt of ours, but remembers them where it goes on. */
function firstPrompt({ spec, answer }: Talk): string {
  const before = spec.resume ? [] : [spec.charter, spec.instructions];
  return [...before, spec.prompt, answer?.request ?? ""].filter((part) => part.trim() !== "").join("\n\n");
}

/** One turn; a cancelled one that the agent does not end is left. */
async function turn(
  { io, reader, turns, link, conversation, cancelMs }: Talk,
  text: string,
): Promise<string> {
  reader.prompted();
  let leave = (): void => {};
  const left = new Promise<never>((_, reject) => {
    leave = () =>
      reject(
        new EndedEarly({ kind: "crashed", message: "the agent did not end its turn", retry: "backoff" }),
      );
  });
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    link.notify("session/cancel", { sessionId: conversation });
    timer ??= setTimeout(leave, cancelMs);
  };
  turns.stop = cancel;
  io.signal.addEventListener("abort", cancel, { once: true });
  if (io.signal.aborted) cancel();
  try {
    const prompt = [{ type: "text", text }];
    const ended = await Promise.race([
      link.request("session/prompt", { sessionId: conversation, prompt }),
      left,
    ]);
    return textOf(ended.stopReason);
  } finally {
    clearTimeout(timer);
    io.signal.removeEventListener("abort", cancel);
    delete turns.stop;
    left.catch(() => {});
  }
}
