/** Puts what is merged by now into the worktree of work that does not fit it, and tells afterwards whether both sides are still there. */
import { droppedLines, type FileTexts } from "../core/conflicts/kept-lines.ts";
import { namesOf, type Place, samePlaces } from "../core/conflicts/same-places.ts";
import type { CommitId } from "../core/vocabulary.ts";
import type { JoinEffect } from "../core/workflow/effect.ts";
import type { JoinedReport } from "../core/workflow/outcome.ts";
import type { Rejoin } from "../core/workflow/rejoin.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { Flight, PerformedOutcome } from "./flight.ts";

export async function performJoin(
  deps: EngineDependencies,
  { effect, state }: Flight<JoinEffect>,
): Promise<PerformedOutcome> {
  const { repository } = deps;
  const text = { subject: effect.message, trailers: effect.trailers };
  const path = repository.worktreePath(effect.branch);
  const { commit, conflicts } = await repository.joinWorktree(path, effect.onto, text, effect.id);
  const sides = await sidesOf(deps, state(), effect.subject, conflicts);
  return { command: { type: "joined", effect: effect.id, commit, files: conflicts, sides } };
}

/** Merged slots that changed one of the files, in plan order. */
async function sidesOf(
  { repository }: EngineDependencies,
  state: WorkflowState,
  subject: string,
  files: readonly string[],
): Promise<readonly string[]> {
  const sides: string[] = [];
  if (files.length === 0) return sides;
  for (const { id } of state.plan.deliverables) {
    const { step, base, commit } = state.deliverables[id] ?? {};
    if (id === subject || step !== "merged" || base === undefined || commit === undefined) continue;
    const changed = await repository.changedFiles(base, commit);
    if (changed.some((file) => files.includes(file.path) || files.includes(file.from ?? ""))) sides.push(id);
  }
  return sides;
}

/** Lines that are told one by one. */
const TOLD = 50;

/**
 * Only files that were in conflict, or that were changed after the join, can lack something: the rest is as git merged it. What a person
 * joins in the worktree (`byHand`) has no join of ours: everything may lack something, as soon as the other side is in it.
 */
export async function joinedReport(
  { repository }: EngineDependencies,
  { onto, from, joined, files, why }: Rejoin,
  tip: CommitId,
  byHand = false,
): Promise<JoinedReport | null> {
  if (joined === undefined && !(byHand && (await repository.isAncestor(onto, tip)))) return null;
  const touched = (await repository.changedFiles(joined ?? onto, tip)).flatMap((file) => [
    file.path,
    file.from ?? file.path,
  ]);
  const paths = [...new Set([...files, ...touched])].toSorted();
  const base = await repository.mergeBase(from, onto);
  const changes = async (side: CommitId) => (base === null ? [] : repository.changedFiles(base, side));
  const places = samePlaces(paths, await changes(from), await changes(onto));
  const ours = await textsOf(repository, from, places, (place) => [place.ours]);
  const theirs = await textsOf(repository, onto, places, (place) => [place.theirs]);
  const result = await textsOf(repository, tip, places, namesOf);
  const before = await textsOf(repository, base, places, (place) => [place.origin]);
  const gone = droppedLines(before, ours, theirs, result);
  const dropped = [
    // Work whose checks failed may be changed in any way: it is its creator's own.
    ...(why === "conflict" ? gone.ours.map((line) => ({ side: "own" as const, ...line })) : []),
    ...gone.theirs.map((line) => ({ side: "merged" as const, ...line })),
  ].filter(({ text }) => text.trim() !== "");
  const more = dropped.length - TOLD;
  return {
    marks: marksIn(result, [ours, theirs]),
    dropped: dropped.slice(0, TOLD),
    ...(more > 0 ? { more } : {}),
  };
}

/** Keyed by one name for each place, whatever a side calls it there; of several names the first one that has a file counts. */
async function textsOf(
  repository: EngineDependencies["repository"],
  commit: CommitId | null,
  places: readonly Place[],
  namesIn: (place: Place) => readonly string[],
): Promise<FileTexts> {
  const texts = new Map<string, string>();
  for (const place of commit === null ? [] : places) {
    for (const path of namesIn(place)) {
      const text = texts.has(place.name) ? null : await repository.readFile(commit ?? "", path);
      // Bytes have no lines to look for.
      if (text !== null && !text.includes("\0")) texts.set(place.name, text);
    }
  }
  return texts;
}

/** `src/app.ts:3` for each mark that neither side had before. */
function marksIn(texts: FileTexts, sides: readonly FileTexts[]): readonly string[] {
  return [...texts].flatMap(([path, text]) => {
    const known = new Set(sides.flatMap((side) => (side.get(path) ?? "").split("\n")));
    return text
      .split("\n")
      .flatMap((line, index) => (MARK.test(line) && !known.has(line) ? [`${path}:${index + 1}`] : []));
  });
}

const MARK = /^(?:[<>|]{7}(?: |\r?$)|={7}\r?$)/;
