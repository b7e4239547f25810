/**
 * `dispatch` of real agents against what a person would write instead: a shell script that adds a worktree per task, runs
 * `claude -p` in it, commits and removes it, all tasks at once. The model is a script on this machine; everything else is real.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findClaude } from "../src/adapters/agents/claude-binary.ts";
import { livingClaims } from "../src/adapters/coordinator/claim.ts";
import { startEndpoint } from "../src/adapters/endpoint/server.ts";
import { livingHost } from "../test/support/end-host.ts";
import { distribution } from "./paired.ts";
import { shellSeconds, treeCpuSeconds } from "./process-cpu.ts";
import { inFolder } from "./scratch.ts";
import type { Row, Section } from "./section.ts";
import { environmentOf, prepared, quoted, type Subject, shell, taskNames, tasksFile } from "./user.ts";

/** Tasks at one time, with the most that `dispatch` should take of the script's time. */
const SIZES = [
  { tasks: 1, aim: 1.25 },
  { tasks: 4, aim: 1.1 },
  { tasks: 16, aim: 0.95 },
] as const;
const CPU_AIM = 1.3;
/** How long the scripted model thinks before each answer; a real one takes as long or longer. */
const THINKING_MS = 2000;

interface Taken {
  readonly wallMs: number;
  readonly cpuSeconds: number;
}

/** `rounds` of each size, the two sides in alternating order. */
export async function dispatchAgainstScript(
  program: string,
  rounds: number,
  sizes: readonly { readonly tasks: number; readonly aim: number }[] = SIZES,
): Promise<Section> {
  const claude = findClaude(process.env, "bundled");
  if (claude === null) throw new Error("the claude program was not found (npm install --include=optional)");
  const endpoint = await startEndpoint({ scenario: { deliverables: { "*": { delayMs: THINKING_MS } } } });
  try {
    const rows: Row[] = [];
    for (const { tasks, aim } of sizes) {
      const wall: number[] = [];
      const cpu: number[] = [];
      const seconds: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const sides = [ours, script].map(
          (run) => () => inFolder((folder) => run({ folder, program, claude, url: endpoint.url, tasks })),
        );
        const [first, second] = round % 2 === 0 ? sides : sides.toReversed();
        const taken = [await first?.(), await second?.()];
        const [mine, theirs] = round % 2 === 0 ? taken : taken.toReversed();
        if (mine === undefined || theirs === undefined) throw new Error("nothing was measured");
        wall.push(mine.wallMs / theirs.wallMs);
        cpu.push(mine.cpuSeconds / theirs.cpuSeconds);
        seconds.push(theirs.wallMs / 1000);
      }
      rows.push(
        ratioRow(
          `${tasks} at once, wall`,
          wall,
          aim,
          `the script takes ${distribution(seconds).median.toFixed(1)} s`,
        ),
        ratioRow(`${tasks} at once, cpu`, cpu, CPU_AIM, ""),
      );
    }
    return {
      id: "dispatch",
      title: "dispatch of real agents",
      about: `against worktree add, claude -p, commit and remove in a shell script, all at once; a model that thinks ${THINKING_MS / 1000} s, ${rounds} rounds each`,
      rows,
    };
  } finally {
    await endpoint.close();
  }
}

function ratioRow(name: string, values: readonly number[], aim: number, remark: string): Row {
  const { median, low, high } = distribution(values);
  return { name, value: median, unit: "x", spread: [low, high], aim, remark };
}

/** From the typed command until all work is committed and waits for its person. */
async function ours(subject: Subject): Promise<Taken> {
  const { folder, program, tasks } = subject;
  const root = prepared(folder);
  const file = tasksFile(folder, tasks);
  const argv = ["dispatch", "--file", file, "--use", "claude", "--parallel", String(tasks)];
  const command = [process.execPath, program, ...argv].map(quoted).join(" ");
  const started = performance.now();
  const ran = await shell(`${command} >&2; echo "exit $?"; times`, root, environmentOf(subject));
  const wallMs = performance.now() - started;
  if (!ran.includes("exit 5")) throw new Error(`dispatch did not end with work that waits: ${ran}`);
  const commonDir = join(root, ".git");
  const [coordinator] = await livingClaims(commonDir);
  const host = await livingHost(commonDir);
  const roots = [coordinator?.pid, host?.pid].filter((pid) => pid !== undefined);
  const background = treeCpuSeconds(roots);
  await shell(
    `${[process.execPath, program, "coordinator", "--stop"].map(quoted).join(" ")} >&2`,
    root,
    environmentOf(subject),
  );
  if (host !== null) process.kill(host.pid, "SIGTERM");
  return { wallMs, cpuSeconds: shellSeconds(ran) + background };
}

/** The same tasks as a careful person would script them: git's own worktree races are kept apart by a lock. */
async function script(subject: Subject): Promise<Taken> {
  const { folder, claude, tasks } = subject;
  const root = prepared(folder);
  const prompts = join(folder, "prompts");
  mkdirSync(prompts);
  for (const [index, name] of taskNames(tasks).entries())
    writeFileSync(join(prompts, `${index}`), promptOf(index, name));
  const path = join(folder, "run.sh");
  writeFileSync(path, SCRIPT);
  const started = performance.now();
  const command = ["sh", path, claude, String(tasks), prompts, join(folder, "trees")].map(quoted).join(" ");
  const ran = await shell(`${command} >&2; echo "exit $?"; times`, root, environmentOf(subject));
  const wallMs = performance.now() - started;
  const counted = await shell(
    "git rev-list --count --branches='task/*' --not HEAD",
    root,
    environmentOf(subject),
  );
  const commits = Number(counted);
  if (!ran.includes("exit 0") || commits !== tasks)
    throw new Error(`the script made ${commits} of ${tasks} commits: ${ran}`);
  return { wallMs, cpuSeconds: shellSeconds(ran) };
}

const SCRIPT = `
claude=$1 tasks=$2 prompts=$3 trees=$4
mkdir -p "$trees"
one() {
  (flock 9; git worktree add -q -b "task/$1" "$trees/$1") 9> "$trees/lock" || exit 1
  (cd "$trees/$1" && "$claude" -p "$(cat "$prompts/$1")" --output-format json --allowedTools Read Write Edit Glob Grep \\
    --permission-mode acceptEdits < /dev/null > "$trees/$1.json" && git add -A && git commit -q -m "task $1") || exit 1
  (flock 9; git worktree remove --force "$trees/$1") 9> "$trees/lock"
}
i=0
jobs=
while [ "$i" -lt "$tasks" ]; do one "$i" & jobs="$jobs $!"; i=$((i + 1)); done
failed=0
for job in $jobs; do wait "$job" || failed=1; done
exit "$failed"
`;

/** The header is what the scripted model answers from: the same edit as for ours. */
function promptOf(index: number, name: string): string {
  const header = [
    "signalbox-task: create",
    "workflow: bench",
    `deliverable: change-number-${index + 1}`,
    "role: coder",
    "round: 1",
    "artifact: commit",
  ];
  return [...header, "", `# ${name}`, "", "Make the change.", ""].join("\n");
}
