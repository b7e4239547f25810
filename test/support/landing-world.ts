/** A real repository with work that can land: slots as the rules leave them, over commits that are really there. */
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openRepository } from "../../src/adapters/git/index.ts";
import { openLandingSite } from "../../src/adapters/git/landing.ts";
import { openLandingQueue } from "../../src/adapters/git/landing-queue.ts";
import {
  plainGit,
  TEST_ENV,
  type TempRepository,
  tempRepository,
} from "../../src/adapters/git/testing/temp-repository.ts";
import type { CheckResult } from "../../src/core/workflow/outcome.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { LandingDependencies, LandingRequest } from "../../src/engine/landing-place.ts";
import { World } from "../builders/world.ts";
import { THREE } from "../builders/worlds.ts";

export interface LandingWorld {
  readonly repo: TempRepository;
  /** Where all work started: tip of main. */
  readonly base: string;
  /** Commits on which checks ran. */
  readonly checked: string[];
  readonly told: string[];
  readonly deps: LandingDependencies;
  /** State of a workflow in which exactly this slot is accepted, with these files as its work. */
  accepted(slot: string, files: Readonly<Record<string, string>>, workflow?: string): Promise<WorkflowState>;
  /** State of a complete workflow that lands as a whole, with these files and its documents as result. */
  complete(files: Readonly<Record<string, string>>, workflow?: string): Promise<WorkflowState>;
  /** A bare remote `origin` with everything there is. */
  remote(): Promise<Remote>;
}

export interface Remote {
  readonly path: string;
  /** What somebody else pushes to main meanwhile; the commit. */
  push(files: Readonly<Record<string, string>>): Promise<string>;
  /** Subjects of main, newest first. */
  log(): Promise<readonly string[]>;
  tip(): Promise<string>;
}

export const requestFor = (slot: string, changes: Partial<LandingRequest> = {}): LandingRequest => ({
  subject: slot,
  command: `land ${slot}`,
  way: "here",
  target: "main",
  check: true,
  ...changes,
});

/** Removed after the test. */
export async function landingWorld(): Promise<LandingWorld> {
  const repo = await tempRepository();
  onTestFinished(() => repo.remove());
  const base = await repo.git(["rev-parse", "HEAD"]);
  const [checked, told]: [string[], string[]] = [[], []];
  const repository = await openRepository(repo.root, { env: TEST_ENV });
  const deps: LandingDependencies = {
    repository,
    site: await openLandingSite(repo.root, { env: TEST_ENV }),
    queue: openLandingQueue(repository.commonDir),
    pullRequests: { available: async () => null, open: async () => ({ url: "https://example.org/1" }) },
    provisioner: { prepare: async () => ({ ok: true }), release: async () => {} },
    checks: {
      run: async (folder, checks) => {
        checked.push(await plainGit(["rev-parse", "HEAD"], folder));
        return checks.map(({ name }) => green(name));
      },
    },
    narrate: (line) => told.push(line),
  };
  /** A commit with the files on top of the base, on a branch of its own. */
  const work = async (branch: string, files: Readonly<Record<string, string>>): Promise<string> => {
    await repo.git(["switch", "-q", "-c", branch, base]);
    const commit = await repo.commit(files, `work of ${branch}`);
    await repo.git(["switch", "-q", "main"]);
    return commit;
  };
  return {
    repo,
    base,
    checked,
    told,
    deps,
    accepted: async (slot, files, workflow = "three-20260220-001") =>
      acceptedState(workflow, slot, base, await work(`${slot}-of-${workflow}`, files)),
    complete: async (files, workflow = "three-20260220-001") => {
      const documents = { [`orchestration/${workflow}/ORCHESTRATION.yaml`]: "state: complete\n" };
      return completeState(
        workflow,
        base,
        await work(`signalbox/${workflow}/main`, { ...files, ...documents }),
      );
    },
    remote: () => addRemote(repo),
  };
}

export function green(name: string): CheckResult {
  return { name, passed: true, redAtBase: false, exitCode: 0, timedOut: false, tail: "" };
}

/** The plan of a workflow with this id, on a base that is really there. */
function ended(workflow: string, base: string, per: "slot" | "workflow"): WorkflowState {
  const state = new World({ ...THREE, finish: { ...THREE.finish, per } }).run();
  const own = JSON.parse(JSON.stringify(state).replaceAll(state.id, workflow)) as WorkflowState;
  return { ...own, plan: { ...own.plan, base: { ...own.plan.base, commit: base, target: "main" } } };
}

function acceptedState(workflow: string, slot: string, base: string, commit: string): WorkflowState {
  const state = ended(workflow, base, "slot");
  const { [slot]: mine } = state.deliverables;
  if (mine?.approval === undefined) throw new Error(`no slot ${slot}`);
  const skipped = Object.entries(state.deliverables).map(([id, d]) => [
    id,
    { ...d, step: "skipped" as const },
  ]);
  const approval = { ...mine.approval, commit };
  const { branch: _, ...rest } = mine;
  const deliverables = {
    ...Object.fromEntries(skipped),
    [slot]: { ...rest, base, commit, approval, mergeCommit: commit },
  };
  return { ...state, deliverables };
}

function completeState(workflow: string, base: string, head: string): WorkflowState {
  const state = ended(workflow, base, "workflow");
  // The commits of its slots exist only in the rules' world.
  return { ...state, status: "COMPLETE", head, deliverables: {}, plan: { ...state.plan, deliverables: [] } };
}

async function addRemote(repo: TempRepository): Promise<Remote> {
  const path = join(repo.root, "../remote.git");
  const other = join(repo.root, "../other");
  await repo.git(["clone", "-q", "--bare", repo.root, path]);
  await repo.git(["remote", "add", "origin", path]);
  await repo.git(["clone", "-q", path, other]);
  const there = (...args: readonly string[]): Promise<string> => repo.git(args, other);
  await there("config", "user.name", "Bob");
  await there("config", "user.email", "bob@example.org");
  return {
    path,
    push: async (files) => {
      await there("fetch", "-q", "origin", "main");
      await there("reset", "-q", "--hard", "FETCH_HEAD");
      for (const [name, content] of Object.entries(files)) await repo.write(name, content, other);
      await there("add", "-A");
      await there("commit", "-q", "-m", `theirs: ${Object.keys(files).join(", ")}`);
      await there("push", "-q", "origin", "HEAD:main");
      return there("rev-parse", "HEAD");
    },
    log: async () => (await repo.git(["log", "--format=%s", "main"], path)).split("\n"),
    tip: () => repo.git(["rev-parse", "main"], path),
  };
}
