/** A change of the integration branch, built from objects alone and checked where it brings new content. */
import { type ResolvedFile, resolvedText } from "../core/conflicts/resolved-file.ts";
import { comparedWithBase, isHeldAgainst } from "../core/quality/against-base.ts";
import type { CommitId } from "../core/vocabulary.ts";
import type { IntegrateEffect } from "../core/workflow/effect.ts";
import { filePolicyFor } from "../core/workflow/file-policy.ts";
import { SYNC_SUBJECT } from "../core/workflow/sync.ts";
import { buildMerges } from "./build-merges.ts";
import { type Built, candidateChecks, commitText } from "./candidate.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { Flight } from "./flight.ts";
import { mergeByRules, resolvedBy } from "./merge-by-rules.ts";

/** Makes objects alone: the branch stays where it is. */
export async function buildCandidate(
  deps: EngineDependencies,
  flight: Flight<IntegrateEffect>,
): Promise<Built> {
  const { effect, state } = flight;
  const { integration } = effect;
  const head = effect.expectedHead ?? state().plan.base.commit;
  switch (integration.type) {
    case "merge":
      return buildMerges(deps, flight, integration, head);
    case "sync":
      return buildSync(deps, flight, integration.commit, head);
    case "restore":
      return integration.commit === null
        ? { parent: head, mergeCommit: null }
        : buildRestore(deps, flight, integration.commit, head);
    case "create":
    case "checkpoint":
    case "record":
    case "finish":
      return { parent: head, mergeCommit: null };
    default:
      return integration satisfies never;
  }
}

/** New commits of the target. What fails on the base already is not theirs. */
async function buildSync(
  deps: EngineDependencies,
  flight: Flight<IntegrateEffect>,
  commit: CommitId,
  head: CommitId,
): Promise<Built> {
  const { effect, state } = flight;
  if (await deps.repository.isAncestor(commit, head)) return { parent: head, mergeCommit: null };
  const policy = filePolicyFor(state(), null);
  const merge = await mergeByRules(deps, head, commit, commitText(effect, true), policy);
  if (!merge.ok) return merge;
  const results = await candidateChecks(deps, flight, SYNC_SUBJECT, merge.commit);
  if ("unprepared" in results) return results;
  const held = comparedWithBase(results, state().baseChecks ?? []).filter(isHeldAgainst);
  if (held.length > 0) return { failure: { reason: "checks", results: held } };
  return { parent: merge.commit, mergeCommit: merge.commit, ...resolvedBy(merge) };
}

/**
 * The tree of a checkpoint, with what was brought in after it: history has that already, so it could not be merged once more, and
 * the way back to the target would take the target's own lines away.
 */
async function buildRestore(
  deps: EngineDependencies,
  { effect, state }: Flight<IntegrateEffect>,
  checkpoint: CommitId,
  head: CommitId,
): Promise<Built> {
  let tree = checkpoint;
  const resolved: ResolvedFile[] = [];
  for (const { commit } of state().syncs ?? []) {
    if (await deps.repository.isAncestor(commit, tree)) continue;
    const policy = filePolicyFor(state(), null);
    const merge = await mergeByRules(deps, tree, commit, commitText(effect, false), policy);
    if (!merge.ok) return merge;
    tree = merge.commit;
    resolved.push(...(merge.resolved ?? []));
  }
  // The merges are only a way to the tree: what they resolved stands in the commit that shows it.
  const words = { ...commitText(effect, false), resolved: resolved.map(resolvedText) };
  const parent = await deps.repository.buildTreeCommit(head, tree, words);
  return { parent, mergeCommit: null };
}
