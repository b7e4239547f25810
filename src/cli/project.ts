/** The repository that a command stands in: its journals for reading, its coordinator for doing. */

import { hostname } from "node:os";
import { livingClaims } from "../adapters/coordinator/claim.ts";
import type { CoordinatorClient } from "../adapters/coordinator/client.ts";
import { knownCommonDir } from "../adapters/git/known-repository.ts";
import { type FileJournalStore, openJournalStore } from "../adapters/journal/jsonl.ts";
import { isFrozen } from "../adapters/process/identity.ts";
import { SignalboxError } from "../core/errors.ts";
import { hasEnded } from "../core/workflow/queries.ts";
import { replay } from "../core/workflow/replay.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { Repository } from "../ports/repository.ts";
import type { CliIo } from "./io.ts";
import { resolveReference } from "./resolve.ts";

/** The journals of a repository: all that a command needs which only looks. */
export interface Journals {
  readonly commonDir: string;
  readonly store: FileJournalStore;
}

export interface Project extends Journals {
  readonly repository: Repository;
}

const WORKFLOWS = { name: "workflow", listing: "signalbox ps --all" } as const;

/** Finds the repository around the working folder; no coordinator is needed or started. */
export async function openProject(io: CliIo): Promise<Project> {
  const { openRepository } = await import("../adapters/git/index.ts");
  const repository = await openRepository(io.cwd, { env: io.env });
  return { repository, ...journalsOf(repository.commonDir) };
}

/** The same for reading journals; starts git only where none are to be found, so that it says why. */
export async function openJournals(io: CliIo): Promise<Journals> {
  const commonDir = knownCommonDir(io.cwd);
  return commonDir === null ? openProject(io) : journalsOf(commonDir);
}

function journalsOf(commonDir: string): Journals {
  return { commonDir, store: openJournalStore(commonDir) };
}

/** The repository as one workflow uses it: with the folder of worktrees and the branch names of its plan. */
export async function repositoryOf(io: CliIo, state: WorkflowState): Promise<Repository> {
  const { openRepository } = await import("../adapters/git/index.ts");
  const { worktrees, branchPrefix } = state.plan.layout;
  const folder = branchPrefix.slice(0, branchPrefix.lastIndexOf("/"));
  return openRepository(io.cwd, { env: io.env, worktrees, branchPrefix: `${folder}/{id}` });
}

/** State of a workflow from its journal; null when the journal holds nothing. */
export async function loadState(
  project: Pick<Journals, "store">,
  workflow: string,
): Promise<WorkflowState | null> {
  return replay(await project.store.load(workflow));
}

/** A workflow that could not be read, with the reason, beside those that could. */
export interface Loaded {
  readonly states: readonly WorkflowState[];
  readonly unreadable: readonly { readonly workflow: string; readonly error: SignalboxError }[];
}

/** All workflows of the repository (but `except`), oldest first. A damaged journal hides no other workflow. */
export async function loadAll(project: Pick<Journals, "store">, except?: string): Promise<Loaded> {
  const states: WorkflowState[] = [];
  const unreadable: { readonly workflow: string; readonly error: SignalboxError }[] = [];
  for (const workflow of await project.store.list()) {
    if (workflow === except) continue;
    try {
      const state = await loadState(project, workflow);
      if (state !== null) states.push(state);
    } catch (error) {
      if (!(error instanceof SignalboxError)) throw error;
      unreadable.push({ workflow, error });
    }
  }
  states.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  return { states, unreadable };
}

/**
 * The workflow that a command means: by id or unique prefix; left out, the only active one, else the only one, else (for
 * commands that just look) the newest.
 */
export async function pickWorkflow(
  project: Journals,
  reference: string | undefined,
  use: "look" | "act",
): Promise<WorkflowState> {
  if (reference !== undefined)
    return requireState(project, resolveReference(reference, await project.store.list(), WORKFLOWS));
  const { states, unreadable } = await loadAll(project);
  const active = states.filter((state) => !hasEnded(state));
  const [first, second] = active.length > 0 ? active : states;
  if (first === undefined) throw unreadable[0]?.error ?? noWorkflow();
  if (second === undefined) return first;
  const newest = states.at(-1);
  if (active.length === 0 && use === "look" && newest !== undefined) return newest;
  const choices = (active.length > 0 ? active : states).map((state) => state.id);
  throw new SignalboxError(
    "user",
    "which-workflow",
    `${choices.length} workflows could be meant: ${choices.slice(-8).join(", ")}`,
    ["Name one, a unique prefix is enough; to list them: signalbox ps"],
  );
}

async function requireState(project: Journals, workflow: string): Promise<WorkflowState> {
  const state = await loadState(project, workflow);
  if (state === null)
    throw new SignalboxError(
      "user",
      "empty-workflow",
      `${workflow} was never created: its journal is empty`,
      ["To list workflows: signalbox ps --all"],
    );
  return state;
}

function noWorkflow(): SignalboxError {
  return new SignalboxError("user", "no-workflow", "There is no workflow in this repository", [
    "Write a first definition: signalbox init",
    "Or see one run without a login: signalbox demo",
  ]);
}

/** ` <id>` where a printed command must name the workflow, empty where it is the only active one. */
export async function commandSuffix(project: Journals, workflow: string): Promise<string> {
  const { states } = await loadAll(project, workflow);
  return states.every(hasEnded) ? "" : ` -w ${workflow}`;
}

export interface LivingCoordinator {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  /** Somebody stopped the process (SIGSTOP), so that nothing goes on. */
  readonly frozen: boolean;
}

/** Who coordinates the repository, from its claim and its process alone; null when nobody does. */
export async function livingCoordinator({ commonDir }: Journals): Promise<LivingCoordinator | null> {
  const [claim] = await livingClaims(commonDir);
  if (claim === undefined) return null;
  const { pid, host, since } = claim;
  return { pid, host, since, frozen: host === hostname() && isFrozen(claim) };
}

/** Client of the coordinator; started when it does not run. */
export async function startedCoordinator(project: Project, io: CliIo): Promise<CoordinatorClient> {
  const { connectCoordinator } = await import("../adapters/coordinator/connect.ts");
  return connectCoordinator({ ...place(project, io), start: true });
}

/** Client of the coordinator that runs; null when none does. */
export async function runningCoordinator(project: Project, io: CliIo): Promise<CoordinatorClient | null> {
  const { connectCoordinator } = await import("../adapters/coordinator/connect.ts");
  return connectCoordinator({ ...place(project, io), start: false });
}

function place(
  { repository }: Project,
  io: CliIo,
): {
  readonly commonDir: string;
  readonly root: string;
  readonly env: CliIo["env"];
  readonly self: readonly string[];
} {
  return { commonDir: repository.commonDir, root: repository.root, env: io.env, self: io.self };
}
