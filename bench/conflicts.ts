/** The conflict matrix of 50 branches against git doing the same pairs: in one process, and in a process for each. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { openConflicts } from "../src/adapters/git/conflicts/index.ts";
import type { Matrix } from "../src/core/conflicts/matrix.ts";
import type { Conflicts } from "../src/ports/conflicts.ts";
import { distribution, pair, timed } from "./paired.ts";
import { inFolder } from "./scratch.ts";
import type { Row, Section } from "./section.ts";

const BRANCHES = 50;
const FILES = 10_000;
/** Changed files of a branch, of which the first is one of a few that many change. */
const CHANGED = 8;
const SHARED = 8;
/** One process for each pair takes seconds: measured less often. */
const PROCESS_ROUNDS = 3;

export function conflictMatrix(rounds: number): Promise<Section> {
  return inFolder(async (folder) => {
    const root = join(folder, "project");
    const branches = makeProject(root);
    const lines = branches.map((name) => ({ name, revision: name }));
    const pairs = branches.flatMap((one, at) => branches.slice(at + 1).map((other) => [one, other] as const));
    const input = `${pairs.map((both) => both.join(" ")).join("\n")}\n`;
    const warm = await openConflicts(root);
    const found = await warm.matrix(lines);
    let moves = 0;
    const { ratio, ms } = await pair(
      {
        git: () => timed(() => git(root, ["merge-tree", "--stdin"], input)),
        cold: async () => {
          const conflicts = await openConflicts(root);
          return timed(() => conflicts.matrix(lines));
        },
        moved: async () => {
          moves += 1;
          move(root, branches[moves % BRANCHES] ?? "", moves);
          return timed(() => warm.matrix(lines));
        },
        still: () => timed(() => warm.matrix(lines)),
      },
      rounds,
    );
    const each = await processEach(root, pairs, lines);
    const row = (name: string, key: string, remark: string, aim?: number): Row => ({
      name,
      value: ratio[key]?.median ?? Number.NaN,
      unit: "x",
      spread: [ratio[key]?.low ?? Number.NaN, ratio[key]?.high ?? Number.NaN],
      remark: `${(ms[key]?.median ?? 0).toFixed(0)} ms, ${remark}`,
      ...(aim === undefined ? {} : { aim }),
    });
    return {
      id: "conflicts",
      title: "The conflict matrix",
      about: `${BRANCHES} branches, ${pairs.length} pairs of which ${conflicting(found)} conflict, ${FILES} files; against one merge-tree --stdin for all pairs (${(ms.git?.median ?? 0).toFixed(0)} ms), ${rounds} rounds`,
      rows: [
        row("nothing known", "cold", "a fresh process has to read everything", 0.7),
        row("one tip moved", "moved", "49 pairs again", 0.15),
        row("nothing moved", "still", "asked all the same"),
        each,
      ],
    };
  });
}

function conflicting({ pairs }: Matrix): number {
  return pairs.filter(({ prediction }) => prediction.result === "conflicts").length;
}

/** A process for each pair, against a cold matrix close to it in time. */
async function processEach(
  root: string,
  pairs: readonly (readonly [string, string])[],
  lines: Parameters<Conflicts["matrix"]>[0],
): Promise<Row> {
  const times: number[] = [];
  for (let round = 0; round < PROCESS_ROUNDS; round += 1) {
    const slow = await timed(() => {
      for (const [one, other] of pairs) git(root, ["merge-tree", "--write-tree", one, other]);
    });
    const conflicts = await openConflicts(root);
    times.push((await timed(() => conflicts.matrix(lines))) / slow);
  }
  const { median, low, high } = distribution(times);
  return {
    name: "against a process per pair",
    value: median,
    unit: "x",
    spread: [low, high],
    aim: 1 / 15,
    remark: `${(1 / median).toFixed(0)} times as fast`,
  };
}

/** Branches from one commit, each with a few changes: mostly of files of its own, some of files that others change too. */
function makeProject(root: string): readonly string[] {
  const names = Array.from({ length: BRANCHES }, (_, at) => `b${at}`);
  const path = (file: number): string => `src/m${file % 100}/f${file}.ts`;
  const text = (file: number, line: number, edit: string): string =>
    Array.from({ length: 40 }, (_, at) => (at === line ? edit : `line ${at} of ${file}`)).join("\n");
  const inline = (file: number, content: string): string =>
    `M 100644 inline ${path(file)}\ndata ${Buffer.byteLength(content)}\n${content}\n`;
  const commit = (branch: string, from: string, files: string): string =>
    `commit refs/heads/${branch}\ncommitter Bench <bench@localhost> 1700000000 +0000\ndata 1\nx\n${from}${files}\n`;
  const all = Array.from({ length: FILES }, (_, file) => inline(file, text(file, -1, ""))).join("");
  const own = names.map((name, at) => {
    const shared = at % SHARED;
    // Half of those who meet change the same line.
    const line = Math.floor(at / SHARED) % 2 === 0 ? 5 : 20;
    const changes = [inline(shared, text(shared, line, `edited by ${name}`))];
    for (let n = 1; n < CHANGED; n += 1) {
      const file = 100 + at * 100 + n;
      changes.push(inline(file, text(file, 3, `edited by ${name}`)));
    }
    return commit(name, "from refs/heads/main\n", changes.join(""));
  });
  spawnSync("git", ["init", "-q", "-b", "main", root]);
  for (const [key, value] of [
    ["user.name", "Bench"],
    ["user.email", "bench@localhost"],
    ["gc.auto", "0"],
  ] as const)
    git(root, ["config", key, value]);
  git(root, ["fast-import", "--quiet"], [commit("main", "", all), ...own].join(""));
  git(root, ["repack", "-qad"]);
  git(root, ["reset", "-q", "--hard"]);
  return names;
}

/** A commit on a branch that changes one more file. */
function move(root: string, branch: string, count: number): void {
  const content = `moved ${count}\n`;
  git(
    root,
    ["fast-import", "--quiet"],
    `commit refs/heads/${branch}\ncommitter Bench <bench@localhost> 1700000000 +0000\ndata 1\nx\nfrom refs/heads/${branch}^0\nM 100644 inline src/m1/moved-${branch}.ts\ndata ${content.length}\n${content}\n`,
  );
}

function git(root: string, args: readonly string[], input = ""): void {
  const { status, stderr } = spawnSync("git", args, {
    cwd: root,
    input,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  // A merge that conflicts ends with 1.
  if (status !== 0 && args[0] !== "merge-tree") throw new Error(`git ${args.join(" ")}: ${stderr}`);
}
