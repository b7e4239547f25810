/**
 * What many sessions cost beside the agents themselves: 20 tasks for the real agent, four at a time, with the memory and
 * processor time of coordinator and session host. The model is a script on this machine.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { findClaude } from "../src/adapters/agents/claude-binary.ts";
import { livingClaims } from "../src/adapters/coordinator/claim.ts";
import { startEndpoint } from "../src/adapters/endpoint/server.ts";
import { livingHost } from "../test/support/end-host.ts";
import { memoryMegabytes, ownCpuSeconds, treeCpuSeconds } from "./process-cpu.ts";
import { inFolder } from "./scratch.ts";
import type { Section } from "./section.ts";
import { environmentOf, prepared, quoted, type Subject, shell, tasksFile } from "./user.ts";

const TASKS = 20;
const AT_A_TIME = 4;
const MEMORY_AIM_MB = 200;
const CPU_AIM_PERCENT = 5;
const THINKING_MS = 2000;
const LOOK_MS = 250;

export async function manySessions(program: string): Promise<Section> {
  const claude = findClaude(process.env, "bundled");
  if (claude === null) throw new Error("the claude program was not found (npm install --include=optional)");
  const endpoint = await startEndpoint({ scenario: { deliverables: { "*": { delayMs: THINKING_MS } } } });
  try {
    return await inFolder((folder) =>
      measure({ folder, program, claude, url: endpoint.url, tasks: TASKS }).then(sectionOf),
    );
  } finally {
    await endpoint.close();
  }
}

interface Measured {
  readonly done: number;
  /** Most of all looks, of both processes together. */
  readonly peakMb: number;
  readonly ownSeconds: number;
  readonly allSeconds: number;
  readonly wallSeconds: number;
}

async function measure(subject: Subject): Promise<Measured> {
  const root = prepared(subject.folder);
  const file = tasksFile(subject.folder, TASKS);
  const argv = ["dispatch", "--file", file, "--use", "claude", "--parallel", String(AT_A_TIME)];
  const command = [process.execPath, subject.program, ...argv].map(quoted).join(" ");
  const pids = new Set<number>();
  let peakMb = 0;
  const looking = setInterval(async () => {
    for (const pid of await ours(join(root, ".git"))) pids.add(pid);
    peakMb = Math.max(peakMb, memoryMegabytes([...pids]));
  }, LOOK_MS);
  const before = treeCpuSeconds([process.pid]);
  const started = performance.now();
  const ran = await shell(`${command}; echo "exit $?"`, root, environmentOf(subject)).finally(() =>
    clearInterval(looking),
  );
  if (!ran.includes("exit 5")) throw new Error(`dispatch did not end with work that waits: ${ran}`);
  const wallSeconds = (performance.now() - started) / 1000;
  const ownSeconds = ownCpuSeconds([...pids]);
  const allSeconds = treeCpuSeconds([process.pid, ...pids]) - before;
  const listed = "git log --branches='signalbox/*' --format=%s --not HEAD; echo 'exit 0'";
  const titles = (await shell(listed, root, environmentOf(subject))).match(/^change-number-\d+: /gm) ?? [];
  await stopAll(subject, root);
  return { done: new Set(titles).size, peakMb, ownSeconds, allSeconds, wallSeconds };
}

async function ours(commonDir: string): Promise<readonly number[]> {
  const [coordinator] = await livingClaims(commonDir);
  const host = await livingHost(commonDir);
  return [coordinator?.pid, host?.pid].filter((pid) => pid !== undefined);
}

async function stopAll(subject: Subject, root: string): Promise<void> {
  const stop = [process.execPath, subject.program, "coordinator", "--stop"].map(quoted).join(" ");
  await shell(`${stop} >&2; echo "exit $?"`, root, environmentOf(subject));
  const host = await livingHost(join(root, ".git"));
  if (host !== null) process.kill(host.pid, "SIGTERM");
}

function sectionOf({ done, peakMb, ownSeconds, allSeconds, wallSeconds }: Measured): Section {
  return {
    id: "sessions",
    title: `${TASKS} sessions, ${AT_A_TIME} at a time`,
    about: `dispatch of real agents; coordinator and session host together, a model that thinks ${THINKING_MS / 1000} s`,
    rows: [
      { name: "not done", value: TASKS - done, unit: "tasks", aim: 0 },
      {
        name: "most memory",
        value: peakMb,
        unit: "MB",
        aim: MEMORY_AIM_MB,
        remark: "pages that several processes share are counted in parts",
      },
      {
        name: "processor time, of the machine",
        value: (100 * ownSeconds) / (wallSeconds * availableParallelism()),
        unit: "%",
        aim: CPU_AIM_PERCENT,
        remark: `${ownSeconds.toFixed(1)} s in ${wallSeconds.toFixed(0)} s`,
      },
      {
        name: "processor time, of what everything took",
        value: (100 * ownSeconds) / allSeconds,
        unit: "%",
        remark: `agents, git and programs of the person included: ${allSeconds.toFixed(1)} s`,
      },
    ],
  };
}
