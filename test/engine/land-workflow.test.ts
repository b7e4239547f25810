import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRepository } from "../../src/adapters/git/index.ts";
import { openLandingSite } from "../../src/adapters/git/landing.ts";
import { openLandingQueue } from "../../src/adapters/git/landing-queue.ts";
import {
  TEST_ENV,
  type TempRepository,
  tempRepository,
} from "../../src/adapters/git/testing/temp-repository.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { landWorkflow, type WorkflowLanding } from "../../src/engine/land-workflow.ts";
import type { LandingDependencies } from "../../src/engine/landing-place.ts";
import { World } from "../builders/world.ts";
import { THREE } from "../builders/worlds.ts";

const REQUEST: WorkflowLanding = {
  subject: "three",
  command: "land -w three",
  way: "here",
  form: "merge",
  target: "main",
  check: true,
};

let repo: TempRepository;
let deps: LandingDependencies;
let state: WorkflowState;
let base: string;
let result: string;
let opened: string[];

beforeEach(async () => {
  repo = await tempRepository();
  base = await repo.git(["rev-parse", "HEAD"]);
  const done = new World(THREE).run();
  const branch = `${done.plan.layout.branchPrefix}/main`;
  await repo.git(["switch", "-q", "-c", branch]);
  await repo.commit({ "src/a.txt": "ONE\ntwo\nthree\n" }, "first");
  result = await repo.commit({ "docs/new.md": "new\n" }, "second");
  await repo.git(["switch", "-q", "main"]);
  opened = [];
  const plan = { ...done.plan, base: { ...done.plan.base, commit: base }, deliverables: [] };
  state = { ...done, status: "COMPLETE", head: result, deliverables: {}, plan };
  deps = {
    repository: await openRepository(repo.root, { env: TEST_ENV }),
    site: await openLandingSite(repo.root, { env: TEST_ENV }),
    queue: openLandingQueue(`${repo.root}/.git`),
    pullRequests: {
      available: async () => null,
      open: async (request) => {
        opened.push(`${request.head} -> ${request.base}: ${request.title}`);
        return { url: "https://example.org/1" };
      },
    },
    checks: { run: async () => [] } as unknown as LandingDependencies["checks"],
    provisioner: { prepare: async () => ({ ok: true }) } as unknown as LandingDependencies["provisioner"],
    narrate: () => {},
  };
});
afterEach(() => repo.remove());

const land = (over: Partial<WorkflowLanding> = {}, from = state) =>
  landWorkflow(deps, from, { ...REQUEST, ...over });
const parents = () => repo.git(["log", "-1", "--format=%P", "main"]);
const read = (path: string) => repo.git(["show", `main:${path}`]);

describe("a whole result", () => {
  it("moves the target forward and nothing else, as ff", async () => {
    expect(await land({ form: "ff" })).toMatchObject({ commit: result, already: false });
    expect(await repo.git(["rev-parse", "main"])).toBe(result);
    expect(await repo.git(["status", "--porcelain"])).toBe("");
  });

  it("is refused as ff where the target has commits of its own, and changes nothing", async () => {
    const own = await repo.commit({ "own.txt": "own\n" }, "own");
    await expect(land({ form: "ff" })).rejects.toMatchObject({ code: "not-forward" });
    expect(await repo.git(["rev-parse", "main"])).toBe(own);
  });

  it("joins both histories, as merge, and keeps what the target has of its own", async () => {
    const own = await repo.commit({ "own.txt": "own\n" }, "own");
    await land({ form: "merge" });
    expect(await parents()).toBe(`${own} ${result}`);
    expect([await read("own.txt"), await read("docs/new.md")]).toEqual(["own", "new"]);
  });

  it("is one commit on the target, as squash", async () => {
    const own = await repo.commit({ "own.txt": "own\n" }, "own");
    await land({ form: "squash" });
    expect(await parents()).toBe(own);
    expect([await read("own.txt"), await read("docs/new.md")]).toEqual(["own", "new"]);
  });

  it.each(["ff", "merge", "squash"] as const)(
    "that landed as %s before is found there again",
    async (form) => {
      const first = await land({ form });
      const again = await land({ form });
      expect(again.already).toBe(true);
      expect(await repo.git(["rev-parse", "main"])).toBe(first.commit);
    },
  );

  it("that somebody merged by hand counts as landed", async () => {
    await repo.git(["-c", "user.name=A", "-c", "user.email=a@b", "merge", "-q", "--no-ff", result]);
    expect(await land()).toMatchObject({ already: true, commit: result });
  });

  it("is refused with the files that conflict, and changes nothing", async () => {
    const own = await repo.commit({ "src/a.txt": "UNO\ntwo\nthree\n" }, "own");
    await expect(land()).rejects.toMatchObject({
      code: "landing-conflict",
      message: expect.stringContaining("src/a.txt"),
    });
    expect(await repo.git(["rev-parse", "main"])).toBe(own);
    expect(await repo.git(["status", "--porcelain"])).toBe("");
  });

  it("of a workflow that is not complete, or whose branch somebody moved, does not land", async () => {
    await expect(land({}, { ...state, status: "ACTIVE" })).rejects.toMatchObject({ code: "not-complete" });
    await expect(land({}, { ...state, head: base })).rejects.toMatchObject({ code: "result-moved" });
    expect(await repo.git(["rev-parse", "main"])).toBe(base);
  });

  it("that has landed is not put on a second branch, nor there again in another form when it was taken back", async () => {
    await repo.git(["branch", "release"]);
    const { commit } = await land();
    const landed = { way: "here", target: "main", commit, by: "ana", at: "2026-02-20T10:00:00Z" } as const;
    await expect(land({ target: "release" }, { ...state, landed })).rejects.toMatchObject({
      code: "landed-before",
      message: expect.stringContaining("has landed on main already"),
    });
    await repo.git(["reset", "-q", "--hard", base]);
    await expect(land({ form: "ff" }, { ...state, landed })).rejects.toMatchObject({ code: "landed-before" });
    expect(await repo.git(["rev-parse", "main", "release"])).toBe(`${base}\n${base}`);
  });

  describe("that leaves its documents behind (finish.documents: drop)", () => {
    const dropping = async (): Promise<WorkflowState> => {
      const folder = state.plan.layout.folder;
      await repo.git(["switch", "-q", `${state.plan.layout.branchPrefix}/main`]);
      const head = await repo.commit({ [`${folder}/ORCHESTRATION.yaml`]: "state\n" }, "documents");
      await repo.git(["switch", "-q", "main"]);
      const finish = { ...state.plan.finish, documents: "drop" as const };
      return { ...state, head, plan: { ...state.plan, finish } };
    };
    const filesOf = async (commit: string): Promise<readonly string[]> =>
      (await repo.git(["ls-tree", "-r", "--name-only", commit])).split("\n");
    const WITHOUT = ["README.md", "docs/new.md", "own.txt", "src/a.txt"];

    it.each(["merge", "squash"] as const)(
      "has none of them on the target, as %s, and lands once",
      async (form) => {
        const from = await dropping();
        const own = await repo.commit({ "own.txt": "own\n" }, "own");
        const first = await land({ form }, from);
        expect(await filesOf("main")).toEqual(WITHOUT);
        expect(await parents()).toBe(form === "merge" ? `${own} ${from.head}` : own);
        expect(await repo.git(["status", "--porcelain"])).toBe("");
        expect(await land({ form }, from)).toMatchObject({ already: true, commit: first.commit });
      },
    );

    it("leaves what the target has in that folder as it is there", async () => {
      const from = await dropping();
      const kept = `${state.plan.layout.folder}NOTES.md`;
      await repo.commit({ [kept]: "of the target\n", "own.txt": "own\n" }, "own");
      await land({ form: "merge" }, from);
      expect(await filesOf("main")).toEqual([...WITHOUT, kept].sort());
    });

    it("is no result to which a target could only move forward", async () => {
      const from = await dropping();
      await expect(land({ form: "ff", command: "land -w three --ff" }, from)).rejects.toMatchObject({
        code: "forward-keeps-documents",
        kind: "config",
        hints: [expect.stringContaining("signalbox land -w three --here --squash")],
      });
      expect(await repo.git(["rev-parse", "main"])).toBe(base);
    });

    it("becomes a pull request without them, from a branch that is not the integration branch", async () => {
      const from = await dropping();
      const bare = `${repo.root}/../remote.git`;
      await repo.git(["clone", "-q", "--bare", "--single-branch", repo.root, bare]);
      await repo.git(["remote", "add", "origin", bare]);
      const first = await land({ way: "pr" }, from);
      const { branchPrefix } = from.plan.layout;
      expect(opened).toEqual([`${branchPrefix}/landing -> main: ${state.plan.workflow.name}`]);
      expect(await repo.git(["rev-parse", `${branchPrefix}/landing`], bare)).toBe(first.commit);
      expect(await filesOf(first.commit)).toEqual(WITHOUT.filter((path) => path !== "own.txt"));
      expect(await land({ way: "pr" }, from)).toMatchObject({ commit: first.commit });
    });
  });

  it("becomes a pull request from its own branch, exactly as the workflow left it", async () => {
    const remote = await tempRepository();
    await remote.git(["switch", "-q", "-c", "elsewhere"]);
    await repo.git(["remote", "add", "origin", remote.root]);
    await repo.git(["push", "-q", "--force", "origin", "main"]);
    const landed = await land({ way: "pr" });
    expect(landed).toMatchObject({ commit: result, url: "https://example.org/1" });
    const branch = `${state.plan.layout.branchPrefix}/main`;
    expect(await remote.git(["rev-parse", branch])).toBe(result);
    expect(opened).toEqual([`${branch} -> main: ${state.plan.workflow.name}`]);
    await remote.remove();
  });
});
