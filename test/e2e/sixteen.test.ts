/** Sixteen tasks at one time in one repository, while its user fetches, collects garbage and looks at refs in a loop. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { spawnProcess } from "../../src/adapters/process/spawn.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { kill } from "../support/e2e-processes.ts";
import { openWorld, type World } from "../support/e2e-world.ts";

/** More rounds for a night: each is a repository of its own. */
const ROUNDS = Number(process.env.SIGNALBOX_SIXTEEN_ROUNDS ?? 1);
const ID = "sixteen-20260220-001";
const NUMBERS = Array.from({ length: 16 }, (_, index) => index + 1);
const SLOTS = NUMBERS.map((number) => `change-number-${number}`);

const LOOP = `
while :; do
  git fetch -q "$1" '+refs/heads/*:refs/remotes/other/*'
  git gc -q
  git for-each-ref > "$2/refs"
  git status --porcelain > "$2/status"
  sleep 0.3
done
`;

/**
 * The user's loop beside the work; ends with the test. What git says there is not looked at: a garbage collection stumbles over
 * worktrees that git itself is just adding, and over refs that move, with anybody.
 */
function busyUser(world: World): void {
  const script = join(world.folder, "loop.sh");
  writeFileSync(script, LOOP);
  const child = spawnProcess("sh", [script, world.root, world.folder], {
    cwd: world.root,
    env: { ...world.env },
    detached: true,
    stdio: "ignore",
  });
  onTestFinished(() => kill(-(child.pid ?? 0), "SIGKILL"));
}

const merged = (state: WorkflowState): number =>
  SLOTS.filter((slot) => state.deliverables[slot]?.step === "merged").length;

it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
  "all land on the integration branch, none is lost or merged twice (round %i)",
  async () => {
    const edits = (slot: string) => ({
      edits: [{ path: `src/${slot}.js`, text: `export const done = "${slot}";` }],
    });
    const world = await openWorld({
      scenario: { deliverables: { ...Object.fromEntries(SLOTS.map((slot) => [slot, edits(slot)])) } },
    });
    busyUser(world);
    const tasks = NUMBERS.map((number) => `Change number ${number}`);
    const argv = [
      "dispatch",
      ...tasks,
      "--use",
      "simulated",
      "--id",
      ID,
      "--parallel",
      "16",
      "--check",
      "true",
      "--detach",
    ];
    await world.ok(...argv);
    const state = await world.until(ID, "all sixteen on the branch", (now) => merged(now) === 16);
    const branch = `signalbox/${ID}/main`;
    const files = await world.git("ls-tree", "-r", "--name-only", branch, "src/");
    expect(files.split("\n").toSorted()).toEqual(SLOTS.map((slot) => `src/${slot}.js`).toSorted());
    const merges = await world.git(
      "log",
      "--merges",
      "--format=%(trailers:key=Signalbox-Slot,valueonly)",
      branch,
    );
    expect(
      merges
        .split("\n")
        .filter((line) => line !== "")
        .toSorted(),
    ).toEqual(SLOTS.toSorted());
    expect(state.spend.retries).toBe(0);
    expect(await world.git("count-objects", "-v")).not.toContain("packs: 0");
    expect(await world.git("status", "--porcelain")).toBe("");
    await world.git("fsck", "--connectivity-only", "--no-dangling");
  },
);
