/** A landing to which something happens between any two of its steps: the target is as before or as after, and asking again ends it. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCheckRunner } from "../../src/adapters/checks/index.ts";
import { landingFolder } from "../../src/adapters/git/landing-queue.ts";
import { TEST_ENV } from "../../src/adapters/git/testing/temp-repository.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { landWorkflow } from "../../src/engine/land-workflow.ts";
import { landSlot } from "../../src/engine/landing.ts";
import type { Landed, LandingDependencies } from "../../src/engine/landing-place.ts";
import { inTurn } from "../../src/engine/landing-turn.ts";
import { halfSteps } from "../support/half-steps.ts";
import { type LandingWorld, landingWorld, type Remote, requestFor } from "../support/landing-world.ts";

/** Every half-step with SIGNALBOX_KILL_ALL=1; else strides that are odd, so that before and after take turns. */
const EVERY = process.env.SIGNALBOX_KILL_ALL === "1";

interface Story {
  readonly world: LandingWorld;
  /** Asks to land, as a process of its own would. */
  ask(deps: LandingDependencies): Promise<Landed>;
  /** Plain git in the repository that has the target. */
  git(...args: readonly string[]): Promise<string>;
  /** Where the target stands. */
  tip(): Promise<string>;
  /** Somebody else moves the target forward. */
  move(name: string): Promise<unknown>;
  /** Target, refs of the user and checkout are again as in the beginning, and nothing of a landing is left. */
  reset(): Promise<void>;
}

const WORK = { "src/a.txt": "ONE\ntwo\nthree\n" };

/** The target has moved since the slot was checked, so that checks run on what would land. */
async function meanwhile(world: LandingWorld): Promise<string> {
  return world.repo.commit({ "src/b.txt": "meanwhile\n" }, "meanwhile");
}

async function onCheckout(
  ask: (world: LandingWorld) => Promise<(deps: LandingDependencies) => Promise<Landed>>,
): Promise<Story> {
  const world = await landingWorld();
  const asked = await ask(world);
  const start = await meanwhile(world);
  const { repo } = world;
  return {
    world,
    ask: asked,
    git: (...args) => repo.git(args),
    tip: () => repo.git(["rev-parse", "main"]),
    move: (name) => repo.commit({ [`${name}.txt`]: "theirs\n" }, "theirs"),
    reset: async () => void (await repo.git(["reset", "-q", "--hard", start])),
  };
}

async function onRemote(): Promise<Story> {
  const world = await landingWorld();
  const state = await world.accepted("login", WORK);
  await meanwhile(world);
  const remote: Remote = await world.remote();
  const start = await remote.tip();
  return {
    world,
    ask: (deps) => askSlot(deps, state, "push"),
    git: (...args) => world.repo.git(args, remote.path),
    tip: () => remote.tip(),
    move: (name) => remote.push({ [`${name}.txt`]: "theirs\n" }),
    reset: async () => void (await world.repo.git(["update-ref", "refs/heads/main", start], remote.path)),
  };
}

function askSlot(deps: LandingDependencies, state: WorkflowState, way: "here" | "push"): Promise<Landed> {
  const request = requestFor("login", { way });
  return inTurn(deps, turnOf(state, ["login"], way), () => landSlot(deps, state, request));
}

function turnOf({ id }: WorkflowState, slots: readonly string[], way: "here" | "push") {
  const since = "2026-02-20T10:00:00Z";
  return { workflow: id, slots, way, target: "main", command: "land", since, wait: true };
}

const STORIES: readonly (readonly [string, () => Promise<Story>])[] = [
  [
    "of a slot on the checkout",
    () =>
      onCheckout(async (world) => {
        const state = await world.accepted("login", WORK);
        return (deps) => askSlot(deps, state, "here");
      }),
  ],
  ["of a slot on a remote", onRemote],
  [
    "of a whole result",
    () =>
      onCheckout(async (world) => {
        const state = await world.complete(WORK);
        const request = { ...requestFor(state.id), form: "merge" as const };
        return (deps) => inTurn(deps, turnOf(state, [], "here"), () => landWorkflow(deps, state, request));
      }),
  ],
];

interface End {
  readonly tree: string;
  readonly log: readonly string[];
  readonly status: string;
  readonly worktrees: number;
  readonly queue: readonly unknown[];
}

/** What a landing leaves, without the names of commits, which hold the time. */
async function endOf({ world, git, tip }: Story): Promise<End> {
  const { repo, deps } = world;
  const at = await tip();
  return {
    tree: await git("rev-parse", `${at}^{tree}`),
    log: (await git("log", "--first-parent", "--format=%s", at)).split("\n"),
    status: await repo.git(["status", "--porcelain"]),
    worktrees: (await repo.git(["worktree", "list"])).split("\n").length,
    queue: await deps.queue.list(),
  };
}

/** What may never be in between; worktrees and places in the queue are the next one's to clear. */
function target({ tree, log, status }: End): object {
  return { tree, log, status };
}

/** What the system knows of a process that has died: its places in the queue are nobody's. */
function bury({ deps }: LandingWorld): void {
  const folder = landingFolder(deps.repository.commonDir);
  for (const name of readdirSync(folder).filter((it) => it.endsWith(".json"))) {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), startTime: "1" }));
  }
}

/** Asks with something happening at a half-step; what came of it, the half-steps, and where the target stood then. */
async function disturbed(
  story: Story,
  at: number,
  fate: (name: string) => Promise<void> | void,
): Promise<{ readonly end: string; readonly names: readonly string[] }> {
  let announce = (_: string): void => {};
  const dead = new Promise<string>((resolve) => {
    announce = resolve;
  });
  const { ports, steps } = halfSteps(
    story.world.deps,
    at,
    (name) => {
      if (fate === die) announce(`died ${name}`);
      return fate(name);
    },
    ["worktreePath", "narrate"],
  );
  const asked = story.ask(ports).then(
    () => "landed",
    (error: unknown) => `failed: ${error instanceof Error ? error.message : error}`,
  );
  return { end: await Promise.race([asked, dead]), names: steps.names };
}

/** Nothing answers any more. */
const die = (): Promise<void> => new Promise(() => {});

const noSpace = (): void => {
  throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
};

describe("a landing", () => {
  it.each(STORIES)(
    "%s is whole or not there after a kill or a full disk between any two steps, and asking again ends it",
    { timeout: EVERY ? 3_600_000 : 300_000 },
    async (_, open) => {
      const story = await open();
      const before = await endOf(story);
      const { names, end } = await disturbed(story, -1, () => {});
      expect(end).toBe("landed");
      const after = await endOf(story);
      for (const [fate, stride] of [
        [die, 9],
        [noSpace, 13],
      ] as const) {
        for (let at = 0; at < names.length; at += EVERY ? 1 : stride) {
          await story.reset();
          const { end: how } = await disturbed(story, at, fate);
          bury(story.world);
          expect([before, after].map(target), `${at} ${how}`).toContainEqual(target(await endOf(story)));
          await story.ask(story.world.deps);
          expect({ how, ...(await endOf(story)) }).toEqual({ how, ...after });
        }
      }
    },
  );

  it.each(STORIES)(
    "%s loses nothing when somebody moves the target between any two steps",
    { timeout: EVERY ? 3_600_000 : 300_000 },
    async (_, open) => {
      const story = await open();
      const { names } = await disturbed(story, -1, () => {});
      for (let at = 0; at < names.length; at += EVERY ? 1 : 11) {
        await story.reset();
        const { end } = await disturbed(story, at, async () => void (await story.move(`theirs-${at}`)));
        expect(end, `${at} ${names[at]}`).toBe("landed");
        const files = await story.git("ls-tree", "-r", "--name-only", await story.tip());
        expect(files.split("\n"), `${at} ${names[at]}`).toContain(`theirs-${at}.txt`);
        expect(await story.git("show", `${await story.tip()}:src/a.txt`)).toContain("ONE");
      }
    },
  );

  it("whose checks hang is given up at their time limit, with nothing changed", async () => {
    const world = await landingWorld();
    const state = await world.accepted("login", WORK);
    const tip = await meanwhile(world);
    const runner = createCheckRunner({ env: TEST_ENV });
    const deps: LandingDependencies = {
      ...world.deps,
      checks: {
        run: (folder, checks, ...rest) =>
          runner.run(
            folder,
            checks.map((check) => ({ ...check, run: "exec tail -f /dev/null", timeoutMs: 200 })),
            ...rest,
          ),
      },
    };
    await expect(askSlot(deps, state, "here")).rejects.toMatchObject({ code: "landing-checks" });
    expect([
      await world.repo.git(["rev-parse", "main"]),
      await world.repo.git(["status", "--porcelain"]),
    ]).toEqual([tip, ""]);
    expect(await deps.queue.list()).toEqual([]);
    expect((await world.repo.git(["worktree", "list"])).split("\n")).toHaveLength(1);
  });
});
