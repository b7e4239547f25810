/**
 * What a run of Claude Code has cost that was killed before it could say so, from the file in which the program keeps the conversation.
 * The file has a line per reply of the model with its tokens, and at the end of each run one with the money so far (`cost-state`). A
 * killed run lacks the latter, so that its own part is guessed from tokens. The program itself forgets that part: a later run of the
 * conversation counts on from the last `cost-state`.
 */
import { createReadStream } from "node:fs";
import { access, readdir } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { costOf } from "./claude-estimate.ts";
import { type Fields, fieldsOf, isFields, numberOf, textOf } from "./foreign-data.ts";

/** USD. */
export interface RecoveredCost {
  /** What the conversation has cost since `costBefore`. */
  readonly costUsd: number;
  /** The part of it that is guessed from tokens. */
  readonly estimatedUsd: number;
  /** Replies of the model that are not in any `cost-state`. */
  readonly turns: number;
}

/** Folder of the program's own files, from the environment of an agent; null where that does not say. */
export function claudeFolder(env: Readonly<Record<string, string | undefined>>): string | null {
  const own = env.CLAUDE_CONFIG_DIR;
  if (own !== undefined && own !== "") return own;
  return env.HOME === undefined ? null : path.join(env.HOME, ".claude");
}

/** Null where there is no such conversation, or nothing of it can be read; never rejects. */
export async function recoverCost(
  folder: string,
  { cwd, conversation, costBefore }: RecoveredConversation,
): Promise<RecoveredCost | null> {
  try {
    const file = await transcriptFile(folder, cwd, conversation);
    if (file === null) return null;
    const { total, replies } = await readCosts(file);
    const estimatedUsd = [...replies.values()].reduce((sum, reply) => sum + costOf(reply), 0);
    // A money so far below what we know of is that of a conversation that was begun anew.
    const known = total >= costBefore ? total - costBefore : total;
    return {
      costUsd: rounded(known + estimatedUsd),
      estimatedUsd: rounded(estimatedUsd),
      turns: replies.size,
    };
  } catch {
    return null;
  }
}

export interface RecoveredConversation {
  readonly cwd: string;
  readonly conversation: string;
  /** What the program had counted for the conversation before the run. */
  readonly costBefore: number;
}

async function transcriptFile(folder: string, cwd: string, conversation: string): Promise<string | null> {
  const projects = path.join(folder, "projects");
  const guess = path.join(projects, cwd.replaceAll(/[^A-Za-z0-9]/g, "-"), `${conversation}.jsonl`);
  if (await isThere(guess)) return guess;
  // Names of long paths are cut, in a way that is the program's own.
  for (const project of await readdir(projects)) {
    const file = path.join(projects, project, `${conversation}.jsonl`);
    if (await isThere(file)) return file;
  }
  return null;
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

interface Reply {
  readonly model: string;
  readonly usage: Fields;
}

/** The last money so far, and the replies after it: one per message, though the file has a line per block of it. */
async function readCosts(
  file: string,
): Promise<{ readonly total: number; readonly replies: ReadonlyMap<string, Reply> }> {
  let total = 0;
  const replies = new Map<string, Reply>();
  for await (const text of createInterface({ input: createReadStream(file, "utf8") })) {
    const line = parsed(text);
    if (line.type === "cost-state") {
      total = numberOf(line.totalCostUSD) ?? total;
      replies.clear();
    }
    if (line.type !== "assistant") continue;
    const { id, model, usage } = fieldsOf(line.message);
    if (textOf(model) !== "<synthetic>")
      replies.set(textOf(id), { model: textOf(model), usage: fieldsOf(usage) });
  }
  return { total, replies };
}

/** Most lines are neither, and may be long; the last one may be torn. */
function parsed(text: string): Fields {
  if (!text.includes('"assistant"') && !text.includes('"cost-state"')) return {};
  try {
    const line: unknown = JSON.parse(text);
    return isFields(line) ? line : {};
  } catch {
    return {};
  }
}

function rounded(usd: number): number {
  return Math.round(usd * 1e6) / 1e6;
}
