import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { metrics } from "../../core/view/metrics.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Context } from "../context.ts";
import { startRehearsal } from "../demo/rehearsal.ts";
import { fillScratch, type Scratch, scratchFolder } from "../demo/scratch.ts";
import { STORIES, type Story } from "../demo/stories.ts";
import type { CliIo } from "../io.ts";
import { EXIT } from "../output/exit-code.ts";
import { countText, durationText } from "../output/units.ts";
import { headerLines } from "../planning/header.ts";
import { planDefinition } from "../planning/plan-definition.ts";
import { loadState, openProject } from "../project.ts";
import type { VerbInput } from "../verb.ts";
import { startPlan } from "./run.ts";

/** `signalbox demo`: a whole workflow, end to end, in a scratch repository that stays for looking at. */
export async function demo(context: Context, input: VerbInput): Promise<number> {
  const { output, io } = context;
  const story = STORIES[input.text("story") === "merging" ? "merging" : "workflow"];
  const scratch = await scratchFolder(io, story, input.text("keep"));
  const rehearsal = await startRehearsal(
    io,
    scratch,
    story,
    input.text("use") === "simulated" ? "simulated" : "claude",
  );
  output.say(rehearsal.about);
  output.say(output.narration.dim(`Everything happens in ${scratch.folder}`));
  output.say("");
  try {
    await fillScratch(scratch, story, io, rehearsal);
    return await play(
      { ...context, io: { ...io, cwd: scratch.root, env: rehearsal.env } },
      scratch,
      story,
      input.flag("yes") || !context.canAsk,
    );
  } finally {
    await rehearsal.close();
  }
}

async function play(context: Context, scratch: Scratch, story: Story, yes: boolean): Promise<number> {
  const { output, io } = context;
  const project = await openProject(io);
  const planned = await planDefinition(project, io, {
    file: scratch.definition,
    flags: {},
    inputs: {},
    judge: false,
  });
  const payer = { text: "nobody: a demonstration", costs: false, ambiguous: false };
  for (const line of headerLines(
    { plan: planned.plan, payer, dirty: [], isSnapshot: false, checksRemembered: false, checksHint: "" },
    output.narration,
  ))
    output.say(line);
  output.say("");
  const code = await startPlan(context, project, planned, {
    yes,
    wait: false,
    detach: false,
    foreground: true,
  });
  const state = await loadState(project, planned.plan.workflow.id);
  if (state !== null) tellSummary(context, scratch, story, state, code);
  return code;
}

function tellSummary(
  { output, io }: Context,
  { root }: Scratch,
  { yours }: Story,
  state: WorkflowState,
  code: number,
): void {
  const { tasks, sessions } = metrics(state);
  const branch = `${state.plan.layout.branchPrefix}/main`;
  const took = durationText(Date.parse(state.completedAt ?? state.updatedAt) - Date.parse(state.createdAt));
  const done = state.status === "COMPLETE";
  output.say("");
  (done ? output.success : output.warn)(
    `${done ? "complete in" : "left after"} ${took}: ${countText(tasks.iterations, "round")}, ${countText(sessions.sessions, "session")}`,
  );
  const program = programName(io);
  const mine = yours.map((line) => `  ${line.replace(/^signalbox/, program)}`);
  const lines = [
    ...(done || mine.length === 0 ? [] : ["What waits for you:", `  cd ${root}`, ...mine, ""]),
    "Look around:",
    `  cd ${root}`,
    `  ${program} status`,
    `  git log --oneline --graph ${branch}`,
    `  git show ${branch}:${state.plan.layout.trackerFile}`,
    "",
    "Then with your own login, in your own repository:",
    `  ${program} init`,
    `  ${program} run workflows/first.yaml`,
  ];
  output.answer(lines.map((line) => (line.startsWith("  ") ? output.style.cyan(line) : line)).join("\n"));
  const left = code === EXIT.interrupted || code === EXIT.terminated;
  if (!done && !left) output.hint(`Why it stopped: cd ${root} && ${program} status`);
}

/** What can be typed: the bare name where it is installed, else the way this very program was started, as from a clone. */
function programName({ env, self }: CliIo): string {
  const installed = (env.PATH ?? "")
    .split(delimiter)
    .some((folder) => folder !== "" && existsSync(join(folder, "signalbox")));
  return installed ? "signalbox" : ["node", ...self.slice(1)].join(" ");
}
