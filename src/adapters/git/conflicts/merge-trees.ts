/** Asks git to merge many pairs without a checkout, and reads what it says. */
import { SignalboxError } from "../../../core/errors.ts";
import type { CommitId } from "../../../core/vocabulary.ts";
import type { Git } from "../git.ts";

export interface MergePair {
  readonly first: CommitId;
  readonly second: CommitId;
}

/** One version of a path that could not be merged: 1 = of the base, 2 = of the first, 3 = of the second. */
export interface Stage {
  readonly mode: string;
  readonly id: string;
  readonly stage: string;
  readonly path: string;
}

export interface MergeMessage {
  readonly paths: readonly string[];
  /** Such as `CONFLICT (contents)` or `Auto-merging`. */
  readonly type: string;
}

/** Paths are raw bytes as latin1. */
export type MergeAnswer =
  | { readonly clean: true; readonly tree: string }
  | { readonly clean: false; readonly stages: readonly Stage[]; readonly messages: readonly MergeMessage[] };

/** More in one process would only make its output longer than the runner keeps. */
const BATCH = 1000;

/** Exit code for an option that git does not know. */
const USAGE = 129;

function tooOld(): SignalboxError {
  return new SignalboxError(
    "environment",
    "git-too-old",
    "this git cannot merge many pairs at once (merge-tree --stdin), which predicting conflicts needs",
    ["git 2.39 or later can. To see which is found first, run: command -v git"],
  );
}

/** Answers in the order of the pairs. Every pair must have a history in common: git stops at the first that has not. */
export async function mergeTrees(git: Git, pairs: readonly MergePair[]): Promise<readonly MergeAnswer[]> {
  const answers: MergeAnswer[] = [];
  for (let at = 0; at < pairs.length; at += BATCH) {
    const batch = pairs.slice(at, at + BATCH);
    const input = batch.map(({ first, second }) => `${first} ${second}\n`).join("");
    const args = ["-c", "core.fsync=none", "merge-tree", "--write-tree", "--stdin"];
    const result = await git.run(args, { input, accept: [USAGE] });
    if (result.code === USAGE) throw tooOld();
    const found = parseMerges(result.stdout);
    if (found.length !== batch.length)
      throw new Error(`git merge-tree answered ${found.length} of ${batch.length} merges`);
    answers.push(...found);
  }
  return answers;
}

/**
 * For each merge: `1` for a clean one, `0` for conflicts (the reverse of git's exit code), the tree, then for conflicts the stages, an
 * empty field, and messages (number of paths, paths, type, text); an empty field ends each.
 */
export function parseMerges(output: Buffer): readonly MergeAnswer[] {
  const fields = output.toString("latin1").split("\0");
  const answers: MergeAnswer[] = [];
  let at = 0;
  const next = (): string => {
    const field = fields[at];
    if (field === undefined) throw new Error("the output of git merge-tree ends too early");
    at += 1;
    return field;
  };
  while (at < fields.length - 1) {
    const status = next();
    const tree = next();
    if (status === "1") {
      if (next() !== "") throw new Error("git merge-tree says more about a clean merge than is known");
      answers.push({ clean: true, tree });
    } else if (status === "0") {
      answers.push({ clean: false, stages: readStages(next), messages: readMessages(next) });
    } else throw new Error(`git merge-tree says ${JSON.stringify(status)} where a status is expected`);
  }
  return answers;
}

function readStages(next: () => string): readonly Stage[] {
  const stages: Stage[] = [];
  for (let field = next(); field !== ""; field = next()) {
    const [meta = "", path = ""] = split(field, "\t");
    const [mode = "", id = "", stage = ""] = meta.split(" ");
    stages.push({ mode, id, stage, path });
  }
  return stages;
}

/** After conflicts in submodules git 2.39 puts advice for people into the field that should be empty. */
function readMessages(next: () => string): readonly MergeMessage[] {
  const messages: MergeMessage[] = [];
  for (let field = next(); /^\d+$/.test(field); field = next()) {
    const paths = Array.from({ length: Number(field) }, next);
    messages.push({ paths, type: next() });
    next();
  }
  return messages;
}

function split(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return [text.slice(0, at), text.slice(at + 1)];
}
