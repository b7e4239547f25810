/**
 * A whole rehearsal: the multi-instance example with simulated agents, real git, real worktrees and the detached session host.
 * Where its time goes is measured at the engine's ports; what runs at the same time counts for each, so shares add up to more
 * than the whole.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeScratch, type Scratch } from "../src/cli/demo/scratch.ts";
import type { CliIo, TextSink } from "../src/cli/io.ts";
import { planDefinition } from "../src/cli/planning/plan-definition.ts";
import { openProject } from "../src/cli/project.ts";
import { compose } from "../src/compose.ts";
import { builtInSettings } from "../src/config/settings/built-in.ts";
import type { Plan } from "../src/core/plan/plan.ts";
import { hasEnded } from "../src/core/workflow/queries.ts";
import type { WorkflowState } from "../src/core/workflow/state.ts";
import type { EngineDependencies } from "../src/engine/dependencies.ts";
import { createEngine, type Engine } from "../src/engine/engine.ts";
import { timed } from "./paired.ts";
import { createPortClock } from "./port-clock.ts";
import { inFolder } from "./scratch.ts";
import type { Row, Section } from "./section.ts";

const LATEST_MS = 10 * 60_000;

export function rehearsal(): Promise<Section> {
  return inFolder(async (folder) => {
    const env = { PATH: process.env.PATH, HOME: join(folder, "home"), GIT_CONFIG_NOSYSTEM: "1" };
    mkdirSync(env.HOME, { recursive: true });
    const io = quietIo(folder, env);
    const scratch = await makeScratch(io, join(folder, "demo"));
    const plan = await planOf(scratch, { ...io, cwd: scratch.root });
    const { dependencies } = await compose({
      cwd: scratch.root,
      env,
      version: "bench",
      settingsAt: async () => builtInSettings(),
      narrate: () => {},
    });
    return measure(dependencies, plan);
  });
}

async function measure(dependencies: EngineDependencies, plan: Plan): Promise<Section> {
  const ports = createPortClock();
  const engine = createEngine(ports.around(dependencies));
  let processes = 0;
  const count = (): void => {
    processes += 1;
  };
  subscribe("child_process", count);
  const cpu = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  const wall = await timed(() => runToEnd(engine, plan));
  const busy = performance.eventLoopUtilization(loop).utilization * 100;
  const { user, system } = process.cpuUsage(cpu);
  unsubscribe("child_process", count);
  const sessions = engine.state(plan.workflow.id)?.spend.sessions ?? 0;
  await engine.close();
  const share = (ms: number): number => (ms / wall) * 100;
  return {
    id: "rehearsal",
    title: "Rehearsal of examples/multi-instance.yaml",
    about: `${sessions} simulated sessions from creation to the end, once; ports in percent of the whole`,
    rows: [
      { name: "creation to end", value: wall / 1000, unit: "s", aim: 8 },
      {
        name: "programs started",
        value: processes,
        unit: "",
        remark: "shells that run git, and the session host",
      },
      { name: "coordinator busy", value: busy, unit: "%", remark: "of one core" },
      { name: "coordinator cpu", value: (user + system) / 1_000_000, unit: "s" },
      ...ports.totals().map(
        (port): Row => ({
          name: port.name,
          value: share(port.busyMs),
          unit: "%",
          remark: `${port.calls} calls, ${(port.totalMs / Math.max(1, port.calls)).toFixed(1)} ms each`,
        }),
      ),
    ],
  };
}

/** Approves what asks for an approval until the workflow has ended. */
async function runToEnd(engine: Engine, plan: Plan): Promise<WorkflowState> {
  const workflow = plan.workflow.id;
  const deadline = performance.now() + LATEST_MS;
  await engine.create(plan, "bench");
  while (performance.now() < deadline) {
    await engine.idle();
    const state = engine.state(workflow);
    if (state !== undefined && hasEnded(state)) return state;
    const question = state?.questions.find((open) => open.options.includes("approve"));
    if (question === undefined)
      throw new Error(`${workflow} stands still: ${JSON.stringify(state?.questions)}`);
    await engine.submit(workflow, { type: "approve", subject: question.subject, by: "bench", note: "" });
  }
  throw new Error(`${workflow} did not end in time`);
}

async function planOf(scratch: Scratch, io: CliIo): Promise<Plan> {
  const flags = { use: "simulated" };
  const request = { file: scratch.definition, flags, inputs: {}, judge: false };
  return (await planDefinition(await openProject(io), io, request)).plan;
}

function quietIo(cwd: string, env: CliIo["env"]): CliIo {
  const nowhere: TextSink = { write: () => {}, isTTY: false };
  return {
    cwd,
    env,
    stdout: nowhere,
    stderr: nowhere,
    interactive: false,
    now: () => Date.now(),
    onInterrupt: () => () => {},
    self: [process.execPath],
    user: "bench",
  };
}
