/** The port `Repository` over the git program. */
import type { Repository } from "../../ports/repository.ts";
import { addWorktree } from "./add-worktree.ts";
import { buildFilesCommit, buildMerge, buildTreeCommit } from "./build-commit.ts";
import { changedFiles } from "./changed-files.ts";
import { commitWorktree } from "./commit-worktree.ts";
import { addReviewWorktree, showIntegration } from "./detached-worktrees.ts";
import { diffText } from "./diff.ts";
import { discardPlace, discardToken } from "./discard.ts";
import { discover, type OpenOptions } from "./discover.ts";
import { findCheckpoint, findEffect } from "./find-commit.ts";
import { forecastRemoval } from "./forecast-removal.ts";
import { integrationBranches } from "./integration-branches.ts";
import { joinWorktree } from "./join-worktree.ts";
import { nestedRepositories } from "./nested.ts";
import { preservedWork, restoreBranch } from "./preserved.ts";
import { createReads } from "./reads.ts";
import { advance, deleteBranch, preserve } from "./refs.ts";
import { removeReviewWorktrees, removeWorktree } from "./remove-worktree.ts";
import { buildResolvedMerge, conflictedFiles } from "./resolve-merge.ts";
import { recycleWorktree, removeSpareWorktrees } from "./spare-worktrees.ts";
import { upstreamOf } from "./upstream.ts";
import { listWorktrees } from "./worktree-list.ts";
import { branchPlace } from "./worktree-places.ts";

export type { OpenOptions } from "./discover.ts";

/** Opens the repository around `cwd`; any folder in the main worktree or in a linked one. Errors: see `discover`. */
export async function openRepository(cwd: string, options: OpenOptions = {}): Promise<Repository> {
  const context = await discover(cwd, options);
  const { git } = context;
  return {
    root: context.root,
    commonDir: context.commonDir,
    name: context.name,
    ...createReads(context),
    diff: (base, commit, maxBytes) => diffText(git, base, commit, maxBytes),
    changedFiles: (base, commit) => changedFiles(git, base, commit),
    addWorktree: (request) => addWorktree(context, request),
    addReviewWorktree: (workflow, commit) => addReviewWorktree(context, workflow, commit),
    removeReviewWorktrees: (workflow) => removeReviewWorktrees(context, workflow),
    removeWorktree: (workflow, path) => removeWorktree(context, workflow, path),
    recycleWorktree: (workflow, path) => recycleWorktree(context, workflow, path),
    removeSpareWorktrees: (workflow) => removeSpareWorktrees(context, workflow),
    worktreePath: (branch) => branchPlace(context, branch),
    worktrees: () => listWorktrees(context),
    commitWorktree: (path, text, effectId, force) => commitWorktree(context, path, text, effectId, force),
    joinWorktree: (path, commit, text, effectId) => joinWorktree(context, path, commit, text, effectId),
    nestedRepositories: (path) => nestedRepositories(context, path),
    buildMerge: (into, commit, text, style) => buildMerge(git, into, commit, text, style),
    conflictedFiles: (into, commit, union) => conflictedFiles(git, into, commit, union),
    buildResolvedMerge: (into, commit, files, text) => buildResolvedMerge(git, into, commit, files, text),
    buildFilesCommit: (parent, files, text) => buildFilesCommit(git, parent, files, text),
    buildTreeCommit: (parent, treeOf, text) => buildTreeCommit(git, parent, treeOf, text),
    advance: (branch, commit, expected) => advance(context, branch, commit, expected),
    findEffect: (branch, effectId) => findEffect(git, branch, effectId),
    findCheckpoint: (branch, checkpoint) => findCheckpoint(git, branch, checkpoint),
    integrationBranches: () => integrationBranches(git),
    preserve: (workflow, name, commit) => preserve(git, workflow, name, commit),
    preservedWork: () => preservedWork(context),
    restoreBranch: (branch, commit) => restoreBranch(context, branch, commit),
    deleteBranch: (branch, expected) => deleteBranch(context, branch, expected),
    forecastRemoval: (workflow, place) => forecastRemoval(context, workflow, place),
    upstreamOf: (branch, commit) => upstreamOf(context, branch, commit),
    discardToken: (workflow, place) => discardToken(context, workflow, place),
    discard: (workflow, place, token) => discardPlace(context, workflow, place, token),
    showIntegration: (workflow, commit) => showIntegration(context, workflow, commit),
  };
}
