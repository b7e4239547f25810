import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { SignalboxError } from "../../core/errors.ts";
import { claimFolder } from "./claim.ts";
import {
  giveUpReserve,
  layReserve,
  leaveStopNote,
  mountOf,
  prepareStopNote,
  readStopNote,
} from "./stop-note.ts";

const AT = "2026-02-20T10:00:00Z";
let commonDir: string;

beforeEach(async () => {
  commonDir = await tempFolder();
  mkdirSync(join(commonDir, "signalbox/w-1"), { recursive: true });
});

function failure(code: string): SignalboxError {
  const cause = Object.assign(new Error(`${code}: it says`), { code });
  return new SignalboxError("environment", "journal-write-failed", `the journal failed: ${code}`, [], cause);
}

it("says that the disk is full and which one, and is read back until the workflow goes on", () => {
  leaveStopNote(commonDir, "w-1", AT, failure("ENOSPC"));
  const reason = `the journal could not be written: no space left on ${mountOf(commonDir)}`;
  expect(readStopNote(commonDir, "w-1")).toEqual({ at: AT, reason });
  expect(readStopNote(commonDir, "w-2")).toBeNull();
  prepareStopNote(commonDir, "w-1");
  expect(readStopNote(commonDir, "w-1")).toBeNull();
});

it("gives any other failure in its own words", () => {
  expect(leaveStopNote(commonDir, "w-1", AT, failure("EROFS")).reason).toBe("the journal failed: EROFS");
});

it("overwrites in place what was prepared, so that a full disk can take it", () => {
  const path = join(commonDir, "signalbox/w-1/stopped.json");
  prepareStopNote(commonDir, "w-1");
  const before = statSync(path);
  leaveStopNote(commonDir, "w-1", AT, failure("ENOSPC"));
  const after = statSync(path);
  expect([after.ino, after.size, after.blocks]).toEqual([before.ino, before.size, before.blocks]);
  expect(readStopNote(commonDir, "w-1")?.at).toBe(AT);
});

it("lays room for the log by, and gives it up", () => {
  layReserve(commonDir);
  const sizes = readdirSync(claimFolder(commonDir)).map(
    (name) => statSync(join(claimFolder(commonDir), name)).size,
  );
  expect(sizes).toEqual([65_536]);
  giveUpReserve(commonDir);
  giveUpReserve(commonDir);
  expect(readdirSync(claimFolder(commonDir))).toEqual([]);
});

it("neither fails without the workflow's folder nor takes a damaged note for one", () => {
  expect(leaveStopNote(commonDir, "w-9", AT, failure("EIO")).at).toBe(AT);
  writeFileSync(join(commonDir, "signalbox/w-1/stopped.json"), '{"at":');
  expect(readStopNote(commonDir, "w-1")).toBeNull();
});

it("finds the folder where a file system is mounted", () => {
  const mount = mountOf(commonDir);
  expect(commonDir.startsWith(mount)).toBe(true);
  expect(existsSync(mount)).toBe(true);
  expect(mountOf("/")).toBe("/");
});
