import { spawn } from "node:child_process";
import { describe, expect, onTestFinished, test } from "vitest";
import { eventually } from "../../../test/support/eventually.ts";
import {
  bootId,
  childIdentity,
  isAlive,
  isFrozen,
  ownIdentity,
  parsePs,
  parseStat,
  processIdentity,
  readProcRow,
} from "./identity.ts";
import { killGroup } from "./spawn.ts";

function aChild(command: string): number {
  const child = spawn("/bin/bash", ["-c", command], { detached: true, stdio: "ignore" });
  onTestFinished(() => killGroup(child.pid, "SIGKILL"));
  return child.pid ?? 0;
}

describe("the identity of a process", () => {
  test("stays the same while it runs, also stopped, and is dead afterwards", async () => {
    const pid = aChild("sleep 300");
    const identity = processIdentity(pid);
    if (identity === null) throw new Error("the child does not run");
    expect(identity).toMatchObject({ pid, bootId: bootId() });
    expect(processIdentity(pid)).toEqual(identity);
    expect(isFrozen(identity)).toBe(false);
    process.kill(pid, "SIGSTOP");
    await eventually("it is stopped", () => isFrozen(identity));
    expect(isAlive(identity)).toBe(true);
    expect(isFrozen({ ...identity, startTime: "1" })).toBe(false);
    expect(isFrozen({ ...identity, bootId: "another boot" })).toBe(false);
    process.kill(-pid, "SIGKILL");
    await eventually("it is dead", () => !isAlive(identity));
  });

  test("of the same pid with another start time or boot is another process", () => {
    const own = ownIdentity();
    expect(isAlive(own)).toBe(true);
    expect(isAlive({ ...own, startTime: `${own.startTime}0` })).toBe(false);
    expect(isAlive({ ...own, bootId: "another boot" })).toBe(false);
    expect(isAlive({ ...own, pid: 4_000_000 })).toBe(false);
  });

  test.each([0, -1, 1.5, Number.NaN, 4_000_000])("of pid %s is none", (pid) => {
    expect(processIdentity(pid)).toBeNull();
  });

  test.runIf(process.platform === "linux")(
    "of a zombie is none, although its pid can be signalled; as a child it is still known",
    async () => {
      // The outer shell becomes a program that never reaps its child.
      const pid = aChild("sleep 0.01 & exec sleep 300");
      const zombie = await eventually("a zombie", () => {
        const children = Array.from({ length: 64 }, (_, i) => readProcRow(pid + i)).filter(
          (row) => row?.parent === pid,
        );
        return children.find((row) => row?.dead === true);
      });
      expect(() => process.kill(zombie.pid, 0)).not.toThrow();
      expect(processIdentity(zombie.pid)).toBeNull();
      expect(childIdentity(zombie.pid)).toMatchObject({ pid: zombie.pid, startTime: zombie.startTime });
      expect(isAlive({ pid: zombie.pid, startTime: zombie.startTime, bootId: bootId() })).toBe(false);
    },
  );
});

test("a stat line is read from behind the name, whatever the name contains", () => {
  const fields = "S 41 40 39 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987654 1000 10";
  expect(parseStat(`42 (a) S 1 (b) c) ${fields}`)).toEqual({
    pid: 42,
    parent: 41,
    group: 40,
    session: 39,
    startTime: "987654",
    dead: false,
    frozen: false,
  });
  expect(parseStat("42 (x) Z 1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 5 0 0")?.dead).toBe(true);
  expect(parseStat("42 (x) T 1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 5 0 0")?.frozen).toBe(true);
  expect(parseStat("")).toBeNull();
});

test("lines of ps are read with their dates", () => {
  const output =
    "  501     1   501 Ss   Fri Nov 21 13:00:00 2026    \n  777   501   501 Z+   Fri Nov 21 13:00:01 2026\n\n";
  expect(parsePs(output)).toEqual([
    {
      pid: 501,
      parent: 1,
      group: 501,
      session: 0,
      startTime: "Fri Nov 21 13:00:00 2026",
      dead: false,
      frozen: false,
    },
    {
      pid: 777,
      parent: 501,
      group: 501,
      session: 0,
      startTime: "Fri Nov 21 13:00:01 2026",
      dead: true,
      frozen: false,
    },
  ]);
});
