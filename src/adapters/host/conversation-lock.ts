/**
 * One user of a conversation at a time: an agent lets two processes continue the same one and forks its history without a word.
 * The lock is a lease in the machine-local folder: its holder is a process (pid, start time, boot), so that what a crash or an earlier
 * boot left holds nothing.
 */
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { readJsonIfThere } from "../fs/read-file.ts";
import { leaseHolder, newestGeneration, takeLease } from "../journal/lease.ts";
import { markedPids, processTable } from "../process/table.ts";
import { encodeId, hash } from "./paths.ts";

/** Which conversation; `key` is its id, or the branch of the attempt where its agent has none. */
export interface ConversationKey {
  readonly commonDir: string;
  readonly workflow: string;
  readonly key: string;
}

export type TakenConversation =
  | { readonly ok: true; release(): Promise<void> }
  /** Pid and host name of who has it. */
  | { readonly ok: false; readonly pid: number; readonly host: string };

/** Put into the environment of a program that has the conversation: it may outlive the process that holds the lock. */
export function conversationMark(conversation: ConversationKey): Readonly<Record<string, string>> {
  return { [MARK]: hash(lockFolder(conversation)) };
}

const MARK = "SIGNALBOX_CONVERSATION";

/** Takes a conversation for this process; a second taker, also in this process, is told who has it. */
export async function takeConversation(conversation: ConversationKey): Promise<TakenConversation> {
  const folder = lockFolder(conversation);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const survivor = await orphanOf(conversation);
  if (survivor !== null) return { ok: false, pid: survivor, host: hostname() };
  const taken = await takeLease(folder);
  if (!taken.ok) return { ok: false, pid: taken.holder.pid, host: taken.holder.host };
  return { ok: true, release: () => taken.lease.release() };
}

/** Pid of the process that has it now; null when nobody does. */
export async function conversationHolder(conversation: ConversationKey): Promise<number | null> {
  return (await leaseHolder(lockFolder(conversation)))?.pid ?? (await orphanOf(conversation));
}

/** A program whose holder died without giving the lock back still writes the conversation. The process table is read only then. */
async function orphanOf(conversation: ConversationKey): Promise<number | null> {
  const folder = lockFolder(conversation);
  const newest = await newestGeneration(folder);
  if (newest === 0) return null;
  const stored = await readJsonIfThere<{ readonly released?: boolean }>(join(folder, `lease.${newest}.json`));
  if (stored === null || stored.released === true) return null;
  const [[name, value] = [MARK, ""]] = Object.entries(conversationMark(conversation));
  return [...markedPids(processTable(), `${name}=${value}`)][0] ?? null;
}

function lockFolder({ commonDir, workflow, key }: ConversationKey): string {
  return join(commonDir, "signalbox", workflow, "conversations", encodeId(key));
}
