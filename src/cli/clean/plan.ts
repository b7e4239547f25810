/** What `clean` would remove and what stays: one value, which is printed and, unless it is a dry run, carried out. */
import { type FolderSize, folderSize } from "../../adapters/fs/folder-size.ts";
import { SignalboxError } from "../../core/errors.ts";
import { shellWord } from "../../core/view/commands-at.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Repository } from "../../ports/repository.ts";
import { type Need, type NeedOptions, needOf } from "./need.ts";
import { type StandingPlace, standingPlaces } from "./places.ts";

interface Item {
  readonly workflow: string;
  /** `login.1.1`, `integration`, `review-…`. */
  readonly name: string;
  readonly slot: string | null;
  readonly path: string | null;
  readonly branch: string | null;
  /** Half a sentence. */
  readonly why: string;
  /** Null where no folder is there. */
  readonly size: FolderSize | null;
  /** Names exactly what is there, where something of it is on no lasting ref: with it, it can be thrown away. */
  readonly token: string | null;
}

/** A worktree and its branch, or one of them where the other is gone. */
export interface Removal extends Item {
  /** Tip of the branch; a branch that stands elsewhere by then stays. */
  readonly tip: CommitId | null;
  /** Files whose content is in no commit yet; they are preserved. */
  readonly uncommitted: number;
  /** Refs that will hold what nothing else holds. */
  readonly preserved: readonly string[];
  /** Command that brings it back; null where there is nothing to bring back. */
  readonly back: string | null;
  /** Ignored files and folders, which go for good. */
  readonly ignored: readonly string[];
}

export interface Staying extends Item {
  readonly hint: string | null;
  /** True where it was to go and cannot; false where it is needed, or its time has not come. */
  readonly refused: boolean;
}

export interface CleanPlan {
  readonly goes: readonly Removal[];
  readonly stays: readonly Staying[];
}

export interface PlanOptions extends NeedOptions {
  /** Only this slot. */
  readonly slot?: string;
  /** Ends the measuring of folders. */
  readonly signal: AbortSignal;
}

/** For one workflow; `repository` is opened with its layout. Changes nothing but adding objects that no ref names. */
export async function planCleaning(
  repository: Repository,
  state: WorkflowState,
  options: PlanOptions,
): Promise<CleanPlan> {
  const goes: Removal[] = [];
  const stays: Staying[] = [];
  for (const place of await standingPlaces(repository, state)) {
    const need = needOf(state, place.name, options);
    if (options.slot !== undefined && need.slot !== options.slot) continue;
    const size = await sizeOf(place, options.signal);
    const item = { ...itemOf(state, place, need), size, token: null };
    if (need.goes) await decide(repository, place, item, goes, stays);
    else stays.push({ ...item, hint: need.hint, refused: options.named && need.needed });
  }
  return { goes, stays };
}

function itemOf(
  state: WorkflowState,
  { name, path, branch }: StandingPlace,
  need: Need,
): Omit<Item, "size" | "token"> {
  return { workflow: state.id, name, slot: need.slot, path, branch, why: need.why };
}

async function sizeOf({ path }: StandingPlace, signal: AbortSignal): Promise<FolderSize | null> {
  return path === null ? null : folderSize(path, signal);
}

async function decide(
  repository: Repository,
  place: StandingPlace,
  item: Item,
  goes: Removal[],
  stays: Staying[],
): Promise<void> {
  const { path, branch, tip, checkedOutIn } = place;
  if (checkedOutIn !== null) {
    const why = `its branch is checked out in ${checkedOutIn}`;
    const hint = `Switch that folder to another branch: git -C ${shellWord(checkedOutIn)} switch --detach`;
    stays.push({ ...item, why, hint, refused: true });
    return;
  }
  try {
    const forecast = await repository.forecastRemoval(item.workflow, { path, branch });
    const back = forecast.revision === null ? null : backCommand(place, forecast.revision);
    const lossy = forecast.preserved.length > 0 || forecast.uncommitted > 0;
    const token = lossy ? await repository.discardToken(item.workflow, { path, branch }) : null;
    goes.push({ ...item, ...forecast, tip, back, token });
  } catch (error) {
    if (!(error instanceof SignalboxError)) throw error;
    const inner = error.code === "nested-repository";
    const token = inner ? await repository.discardToken(item.workflow, { path, branch }) : null;
    stays.push({ ...item, why: error.message, hint: error.hints[0] ?? null, refused: true, token });
  }
}

/** The command that throws one away; null where nothing of it would be lost. */
export function discardCommand({ workflow, slot, token }: Removal | Staying): string | null {
  if (token === null) return null;
  return `signalbox clean ${slot === null ? workflow : `${slot} -w ${workflow}`} --discard ${token}`;
}

function backCommand({ path, branch }: StandingPlace, revision: string): string {
  const short = /^[0-9a-f]{40,}$/.test(revision) ? revision.slice(0, 12) : revision;
  if (path !== null) return `git worktree add --detach ${shellWord(path)} ${short}`;
  return `git branch ${branch} ${short}`;
}
