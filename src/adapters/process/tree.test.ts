/** Would catch: processes that survive, and processes that are ended without proof that they are ours. */
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { eventually } from "../../../test/support/eventually.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { isAlive, ownIdentity, type ProcessIdentity, processIdentity } from "./identity.ts";
import { killGroup } from "./spawn.ts";
import { endTree } from "./tree.ts";

const MARKER = `SIGNALBOX_TEST_KEY=${process.pid}-tree`;

interface Family {
  readonly leader: ProcessIdentity;
  /** By the names under which the script reported them. */
  readonly member: Readonly<Record<string, ProcessIdentity>>;
}

/** Runs a script that writes lines `name pid` to `$OUT` and lists what it wrote once `count` lines are there. */
async function aFamily(script: string, count: number, marked = true): Promise<Family> {
  const out = join(await tempFolder(), "pids");
  await writeFile(out, "");
  const [name = "", value = ""] = MARKER.split("=");
  const env = { PATH: process.env.PATH, OUT: out, ...(marked ? { [name]: value } : {}) };
  const child = spawn("/bin/bash", ["-c", script], { detached: true, stdio: "ignore", env });
  const leader = processIdentity(child.pid ?? 0);
  if (leader === null) throw new Error("the family did not start");
  const lines = await eventually("the family", async () => {
    const found = (await readFile(out, "utf8")).split("\n").filter(Boolean);
    return found.length >= count && found;
  });
  const member: Record<string, ProcessIdentity> = {};
  for (const [key = "", pid] of lines.map((line) => line.split(" "))) {
    const identity = processIdentity(Number(pid));
    if (identity !== null) member[key] = identity;
  }
  onTestFinished(() => {
    for (const it of [leader, ...Object.values(member)]) if (isAlive(it)) process.kill(it.pid, "SIGKILL");
    killGroup(leader.pid, "SIGKILL");
  });
  return { leader, member };
}

const alive = (family: Family): readonly string[] =>
  Object.entries({ leader: family.leader, ...family.member }).flatMap(([name, it]) =>
    isAlive(it) ? [name] : [],
  );

const WAIT = "while :; do sleep 1; done";

/** A shell that reports itself under this name once its environment is empty, and then sleeps. */
const bare = (name: string): string => `bash -c 'echo "${name} $$" >> "$0"; exec sleep 300' "$OUT"`;

describe("ending a tree", () => {
  test("ends the group, sessions of their own, background groups and processes with a bare environment", async () => {
    const family = await aFamily(
      `sleep 300 & echo "plain $!" >> $OUT
       setsid sleep 300 & echo "own-session $!" >> $OUT
       env -i setsid ${bare("bare")} &
       set -m; sleep 300 & echo "own-group $!" >> $OUT
       ${WAIT}`,
      4,
    );
    expect(alive(family)).toHaveLength(5);
    expect(await endTree({ leaders: [family.leader], marker: MARKER, graceMs: 200 })).toEqual([]);
    expect(alive(family)).toEqual([]);
  });

  test("lets a program end by itself, and kills the one that refuses", async () => {
    const family = await aFamily(
      `(trap 'echo "polite 1" >> $OUT; exit 0' TERM; ${WAIT}) &
       (trap '' TERM; echo "deaf $BASHPID" >> $OUT; ${WAIT}) &
       echo "ready $$" >> $OUT; trap '' TERM; ${WAIT}`,
      2,
    );
    const start = performance.now();
    expect(await endTree({ leaders: [family.leader], marker: MARKER, graceMs: 1500 })).toEqual([]);
    expect(performance.now() - start).toBeGreaterThan(1400);
    expect(alive(family)).toEqual([]);
  });

  test("is quick when everything ends at the polite signal, and when nothing is there", async () => {
    const family = await aFamily(`echo "one $$" >> $OUT; exec sleep 300`, 1);
    const start = performance.now();
    await endTree({ leaders: [family.leader], marker: MARKER, graceMs: 10_000 });
    await endTree({ leaders: [family.leader], marker: MARKER, graceMs: 10_000 });
    expect(performance.now() - start).toBeLessThan(3_000);
    expect(alive(family)).toEqual([]);
  });

  test("ends a stopped process", async () => {
    const family = await aFamily(`echo "one $$" >> $OUT; ${WAIT}`, 1);
    process.kill(family.leader.pid, "SIGSTOP");
    await endTree({ leaders: [family.leader], marker: MARKER, graceMs: 100 });
    expect(alive(family)).toEqual([]);
  });

  test("finds orphans by their mark alone when the leader is dead and nobody recorded it", async () => {
    const family = await aFamily(`setsid sleep 300 & echo "orphan $!" >> $OUT; ${WAIT}`, 1);
    process.kill(family.leader.pid, "SIGKILL");
    await eventually("the leader is gone", () => !isAlive(family.leader));
    expect(alive(family)).toEqual(["orphan"]);
    await endTree({ leaders: [], marker: MARKER, graceMs: 0 });
    expect(alive(family)).toEqual([]);
  });

  test("finds unmarked orphans of a dead leader by its group and session", async () => {
    const family = await aFamily(
      `env -i ${bare("in-group")} &
       set -m; env -i ${bare("in-session")} &
       ${WAIT}`,
      2,
    );
    process.kill(family.leader.pid, "SIGKILL");
    await eventually("the leader is gone", () => !isAlive(family.leader));
    expect(alive(family).toSorted()).toEqual(["in-group", "in-session"]);
    await endTree({ leaders: [family.leader], marker: MARKER, graceMs: 100 });
    expect(alive(family)).toEqual([]);
  });

  test("ends everything of a tree that goes on forking", async () => {
    const family = await aFamily(
      `echo "one $$" >> $OUT; trap '' TERM; for i in $(seq 300); do (trap '' TERM; sleep 30) & sleep 0.005; done; wait`,
      1,
    );
    expect(await endTree({ leaders: [family.leader], marker: MARKER, graceMs: 100 })).toEqual([]);
    expect(alive(family)).toEqual([]);
  });
});

describe("without proof", () => {
  test("a re-used pid is left alone, its group too", async () => {
    const stranger = await aFamily(`sleep 300 & echo "child $!" >> $OUT; ${WAIT}`, 1, false);
    const record = { ...stranger.leader, startTime: "1" };
    expect(await endTree({ leaders: [record], marker: MARKER, graceMs: 100 })).toEqual([]);
    expect(alive(stranger)).toEqual(["leader", "child"]);
  });

  test("a record of an earlier boot is left alone", async () => {
    const stranger = await aFamily(`echo "one $$" >> $OUT; ${WAIT}`, 1, false);
    await endTree({ leaders: [{ ...stranger.leader, bootId: "another boot" }], marker: MARKER, graceMs: 0 });
    expect(alive(stranger)).toContain("leader");
  });

  test("a mark that only begins the same, or stands in the arguments, is no mark", async () => {
    const stranger = await aFamily(
      `export ${MARKER}0; bash -c '${WAIT}' ${MARKER} & echo "one $!" >> $OUT; ${WAIT}`,
      1,
      false,
    );
    await endTree({ leaders: [], marker: MARKER, graceMs: 0 });
    expect(alive(stranger)).toEqual(["leader", "one"]);
  });

  test("the caller and its ancestors are never ended, whatever a record says", async () => {
    const parent = processIdentity(process.ppid);
    const leaders = [ownIdentity(), ...(parent === null ? [] : [parent])];
    // Only the selection is under test: a group signal to us would end the test run, so nothing may be found at all.
    const child = await aFamily(`echo "one $$" >> $OUT; ${WAIT}`, 1);
    await endTree({ leaders: leaders.slice(0, 1), marker: MARKER, graceMs: 0 });
    expect(isAlive(ownIdentity())).toBe(true);
    expect(alive(child)).toEqual([]);
  });
});
