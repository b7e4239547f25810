/** Configuration, coordinator, and workflows that stand still. */
import { livingClaims } from "../../adapters/coordinator/claim.ts";
import { readStopNote } from "../../adapters/coordinator/stop-note.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { standsStill } from "../board/standstill.ts";
import type { Context } from "../context.ts";
import { countText } from "../output/units.ts";
import { settingsAt } from "../planning/settings.ts";
import { type Loaded, type Project, runningCoordinator } from "../project.ts";
import type { Finding } from "./finding.ts";

/** What workflows would run with, and whether they would see it. */
export async function configurationFinding({ io }: Context, { repository }: Project): Promise<Finding> {
  const { commit } = await repository.head();
  if (commit === null)
    return {
      level: "bad",
      subject: "configuration",
      text: "the repository has no commit",
      fix: "Make the first one: git commit --allow-empty -m start",
    };
  const { settings } = await settingsAt(repository, commit, io, {});
  const dirty = (await repository.dirtyFiles()).includes("signalbox.yaml");
  const checks = settings.run.checks.length;
  const text = `agents: ${settings.run.use}, ${checks === 0 ? "no checks" : countText(checks, "check")}`;
  if (dirty)
    return {
      level: "warn",
      subject: "configuration",
      text: "signalbox.yaml has changes that are not committed, so workflows do not see them",
      fix: "Commit it: git add signalbox.yaml && git commit -m 'Configure signalbox'",
    };
  return { level: "ok", subject: "configuration", text };
}

/** Who coordinates, and what it could not take up. */
export async function coordinatorFinding({ io }: Context, project: Project): Promise<Finding> {
  const [claim] = await livingClaims(project.repository.commonDir);
  if (claim === undefined)
    return { level: "ok", subject: "coordinator", text: "none runs; it is started when needed" };
  const client = await runningCoordinator(project, io);
  const status = await client?.status();
  client?.close();
  if (status === undefined)
    return { level: "ok", subject: "coordinator", text: "none runs; it is started when needed" };
  const [unopened] = status.unopened;
  if (unopened !== undefined)
    return {
      level: "bad",
      subject: "coordinator",
      text: `pid ${status.pid} could not take up ${unopened.workflow}: ${unopened.reason}`,
      fix: `Try again: signalbox resume ${unopened.workflow}`,
    };
  return {
    level: "ok",
    subject: "coordinator",
    text: `pid ${status.pid}, ${status.busy ? "busy" : "idle"}, ${countText(status.viewers, "viewer")}`,
  };
}

/** Journals that cannot be read, and workflows that nobody goes on with. */
export async function workflowFindings(
  project: Project,
  { states, unreadable }: Loaded,
): Promise<readonly Finding[]> {
  const active = states.filter((state) => !hasEnded(state));
  const broken = unreadable.map(
    ({ workflow, error }): Finding => ({
      level: "bad",
      subject: "journal",
      text: `${workflow}: ${error.message}`,
      ...(error.hints[0] === undefined ? {} : { fix: error.hints[0] }),
    }),
  );
  const nobody = (await livingClaims(project.commonDir)).length === 0;
  const lively = active.filter((state) => state.status !== "PAUSED" && !standsStill(state));
  const standing = nobody ? lively : [];
  return [
    ...broken,
    ...standing.map((state) => standingFinding(project, state.id)),
    ...active.flatMap(pausedFinding),
    {
      level: "ok",
      subject: "workflows",
      text: `${active.length} active, ${states.length - active.length} ended`,
    },
  ];
}

/** There is work that nobody does: with the reason, where the last coordinator could leave one. */
function standingFinding({ commonDir }: Project, workflow: string): Finding {
  const note = readStopNote(commonDir, workflow);
  const fix = `Go on with it: signalbox resume ${workflow}`;
  if (note === null)
    return { level: "warn", subject: "workflows", text: `no coordinator runs for ${workflow}`, fix };
  return { level: "bad", subject: "workflows", text: `${workflow} stopped: ${note.reason}`, fix };
}

function pausedFinding({ id, status, pausedReason }: WorkflowState): readonly Finding[] {
  if (status !== "PAUSED") return [];
  const text = `${id} is paused: ${pausedReason ?? "no reason given"}`;
  return [{ level: "warn", subject: "workflows", text, fix: `Go on with it: signalbox resume ${id}` }];
}
