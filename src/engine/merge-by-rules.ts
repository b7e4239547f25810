/** A merge as git makes it, or, where every file in conflict has a rule that loses nothing, with what the rules make of them. */
import { classify, type FilePolicy } from "../core/conflicts/file-rules.ts";
import { resolveConflicts } from "../core/conflicts/resolve-conflicts.ts";
import { type ResolvedFile, resolvedText } from "../core/conflicts/resolved-file.ts";
import type { CommitId } from "../core/vocabulary.ts";
import type { IntegrationFailure } from "../core/workflow/command.ts";
import type { CommitText } from "../ports/repository.ts";
import type { EngineDependencies } from "./dependencies.ts";

export type RuledMerge =
  | { readonly ok: true; readonly commit: CommitId; readonly resolved?: readonly ResolvedFile[] }
  | { readonly ok: false; readonly failure: Extract<IntegrationFailure, { reason: "conflict" }> };

/** Objects alone: the branch stays where it is. One file of a person's leaves all of them to the person. */
export async function mergeByRules(
  { repository }: Pick<EngineDependencies, "repository">,
  into: CommitId,
  commit: CommitId,
  text: CommitText,
  policy: FilePolicy,
): Promise<RuledMerge> {
  const merge = await repository.buildMerge(into, commit, text, "merge");
  if (merge.ok) return merge;
  const failure = { reason: "conflict" as const, files: merge.conflicts };
  const rules = merge.conflicts.map((path) => ({ path, ...classify({ path, kind: "content" }, policy) }));
  if (rules.every(({ by }) => by === "person")) return { ok: false, failure };
  const union = rules.flatMap(({ path, by }) => (by === "union" ? [path] : []));
  const files = await repository.conflictedFiles(into, commit, union);
  const { resolved, unresolved } = resolveConflicts(files, policy);
  const told = resolved.map(({ content: _, ...file }) => file);
  if (unresolved.length > 0) return { ok: false, failure: { ...failure, ...besides(told, unresolved) } };
  const contents = resolved.map(({ path, content }) => ({ path, content }));
  const words = { ...text, resolved: told.map(resolvedText) };
  return {
    ok: true,
    commit: await repository.buildResolvedMerge(into, commit, contents, words),
    resolved: told,
  };
}

/** What a merge tells of its files, to be recorded with it. */
export function resolvedBy({ resolved }: { readonly resolved?: readonly ResolvedFile[] }): {
  readonly resolved?: readonly ResolvedFile[];
} {
  return resolved === undefined ? {} : { resolved };
}

type Told = Pick<Extract<IntegrationFailure, { reason: "conflict" }>, "automatic" | "reasons">;

function besides(
  automatic: readonly ResolvedFile[],
  unresolved: ReturnType<typeof resolveConflicts>["unresolved"],
): Told {
  const reasons = unresolved.flatMap(({ path, because }) => (because === null ? [] : [{ path, because }]));
  return {
    ...(automatic.length === 0 ? {} : { automatic }),
    ...(reasons.length === 0 ? {} : { reasons }),
  };
}
