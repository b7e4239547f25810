/** A disk that fills up under a running workflow: the reason can be read everywhere, nothing is lost, and resume completes. */
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import { endOfCompleted } from "../support/e2e-workflow.ts";
import { openWorld, runGit, type World } from "../support/e2e-world.ts";
import { eventually } from "../support/eventually.ts";

const ID = "one-1";
const ONE = `workflow: One
slug: one
criticality: C2
stages:
  - phase: Research
    slots:
      - { role: ps-researcher, makes: research, brief: Find out }
`;
const ENV = { PATH: process.env.PATH ?? "" };

async function mount(folder: string): Promise<boolean> {
  const args = ["-t", "tmpfs", "-o", "size=8m", "tmpfs", folder];
  const made = await runProgram("mount", args, { cwd: "/", env: ENV }).catch(() => null);
  return made?.code === 0;
}

const unmount = (folder: string) => runProgram("umount", ["-l", folder], { cwd: "/", env: ENV });

async function canMount(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-mount-"));
  const mounted = await mount(folder);
  if (mounted) await unmount(folder);
  rmdirSync(folder);
  return mounted;
}

/** The user's repository on a small disk of its own. */
async function onSmallDisk(): Promise<{ readonly world: World; readonly disk: string }> {
  const outer = await openWorld({ scenario: { deliverables: { "*": { scores: [0.95], delayMs: 800 } } } });
  const disk = join(outer.folder, "disk");
  mkdirSync(disk);
  expect(await mount(disk)).toBe(true);
  onTestFinished(() => unmount(disk).then(() => undefined));
  await runGit(outer.folder, outer.env, ["clone", "-q", "--no-hardlinks", outer.root, join(disk, "shop")]);
  return { world: outer.at(join(disk, "shop")), disk };
}

/** Takes all there is, and what is given back a moment later. */
function fill(disk: string): void {
  for (let number = 0; number < 3; number += 1) {
    try {
      for (;;) writeFileSync(join(disk, `fill-${number}`), Buffer.alloc(4096), { flag: "a" });
    } catch {
      // Full.
    }
  }
}

describe.skipIf(!(await canMount()))("a disk that is full", () => {
  it("stops the workflow with the reason in status, ps, doctor and log; with room again resume completes it", async () => {
    const { world, disk } = await onSmallDisk();
    const definition = await world.define("one", ONE);
    await world.ok("run", definition, "--use", "simulated", "--id", ID, "--detach");
    await world.until(ID, "an agent works", (state) => Object.keys(state.sessions).length > 0);
    fill(disk);
    const status = await eventually("the reason is told", async () => {
      const { stdout } = await world.run("status");
      return /no space/.test(stdout.replace(/\s+/g, " ")) ? stdout : null;
    });
    expect(status).toMatch(/signalbox (resume|decide)/);
    expect((await world.run("ps")).stderr).toMatch(/one-1 (is paused|stopped): .*no space/i);
    const doctor = await world.run("doctor");
    expect([doctor.code, doctor.stdout]).toEqual([
      1,
      expect.stringContaining("too little for workflows to run"),
    ]);
    expect(doctor.stdout).toMatch(/one-1 (is paused|stopped): .*no space/i);
    const log = readFileSync(join(world.commonDir, "signalbox/coordinator.log"), "utf8");
    expect(log).toMatch(/no space/i);
    for (const number of [0, 1, 2]) rmSync(join(disk, `fill-${number}`), { force: true });
    await world.ok("resume");
    expect((await endOfCompleted(world, ID)).merges).toHaveLength(1);
    expect((await world.run("status")).stdout).not.toContain("no space");
  });
});
