/** Why a changed file needs a person whatever the score, beyond the name of the file (definition key `protect`). */

import { isTestPath } from "../../core/quality/test-paths.ts";
import { changedScripts } from "./suspicion.ts";
import { countTests, mayHoldTests, skippedTests } from "./test-signs.ts";

/** A changed file with its content on both sides; empty where there is none. */
export interface ChangedContent {
  readonly path: string;
  /** Path on the base; the same unless it was renamed. */
  readonly before: string;
  readonly deleted: boolean;
  readonly oldText: string;
  readonly newText: string;
}

export interface ProtectedChange {
  /** Verb and object, such as `skips a test`. */
  readonly reason: string;
  /** Line in the new content, 1-based, where one can be named. */
  readonly line?: number;
}

/** Null when nothing speaks against it. The heaviest sign counts: what is gone before what is switched off. */
export function protectedChange(change: ChangedContent): ProtectedChange | null {
  return goneTest(change) ?? skippedTest(change) ?? fewerTests(change) ?? changedManifest(change);
}

/** True for files whose content is needed for the answer. */
export function needsContent(path: string): boolean {
  return isManifest(path) || mayHoldTests(path);
}

function goneTest({ path, before, deleted }: ChangedContent): ProtectedChange | null {
  if (!isTestPath(before)) return null;
  if (deleted) return { reason: "deletes a test" };
  return isTestPath(path) ? null : { reason: `moves a test away (from ${before})` };
}

function skippedTest({ path, deleted, oldText, newText }: ChangedContent): ProtectedChange | null {
  if (deleted || !mayHoldTests(path)) return null;
  const [line, ...more] = skippedTests(oldText, newText);
  if (line === undefined) return null;
  return { reason: more.length === 0 ? "skips a test" : `skips ${more.length + 1} tests`, line };
}

function fewerTests({ path, before, oldText, newText }: ChangedContent): ProtectedChange | null {
  if (!mayHoldTests(before)) return null;
  const had = countTests(before, oldText);
  const has = countTests(path, newText);
  if (isTestPath(before) && oldText.trim() !== "" && newText.trim() === "")
    return { reason: "empties a test" };
  if (had === null || has === null || has >= had) return null;
  return { reason: `removes tests (${had} before, ${has} now)` };
}

function changedManifest({ path, before, oldText, newText }: ChangedContent): ProtectedChange | null {
  if (!isManifest(path) && !isManifest(before)) return null;
  const names = changedScripts(oldText, newText);
  if (names.length === 0) return null;
  return {
    reason: `changes the ${names.length === 1 ? "script" : "scripts"} ${names.slice(0, 4).join(", ")}`,
  };
}

function isManifest(path: string): boolean {
  return path === "package.json" || path.endsWith("/package.json");
}
