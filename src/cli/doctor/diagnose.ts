/** What keeps workflows from running here, or may surprise: git, node, agents, configuration, coordinator, leftovers. */
import type { Settings } from "../../config/settings/settings.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { keptFor } from "../planning/kept-for.ts";
import { settingsAt } from "../planning/settings.ts";
import { loadAll, openProject, type Project } from "../project.ts";
import { configurationFinding, coordinatorFinding, workflowFindings } from "./coordination.ts";
import { endedFindings } from "./ended.ts";
import { agentFindings, nodeFinding, registryFindings, userFindings } from "./environment.ts";
import type { Finding } from "./finding.ts";
import { unfinishedFindings } from "./half-way.ts";
import { journalFindings } from "./journals.ts";
import { leftoverFindings } from "./leftovers.ts";
import { sandboxFinding } from "./sandbox.ts";
import { spaceFindings } from "./space.ts";
import { traceFindings } from "./traces.ts";
import { placesOf, worktreeFindings } from "./worktrees.ts";

/** All findings in the order in which they are printed. Never throws for what it examines, and changes nothing. */
export async function diagnose(context: Context): Promise<readonly Finding[]> {
  const findings: Finding[] = [nodeFinding()];
  const project = await guarded(findings, "repository", () => openProject(context.io));
  if (project !== null) await examine(context, project, findings);
  findings.push(...(await agentFindings(context.io, await configuredAgents(context, project))));
  await guarded(findings, "registry", async () => findings.push(...(await registryFindings(context.io))));
  return findings;
}

/** Of the last commit; what is wrong with the configuration is a finding of its own. */
async function configuredAgents({ io }: Context, project: Project | null): Promise<Settings["agents"]> {
  if (project === null) return {};
  const { repository } = project;
  try {
    const { commit } = await repository.head();
    return commit === null ? {} : (await settingsAt(repository, commit, io, {})).settings.agents;
  } catch {
    return {};
  }
}

async function examine(context: Context, project: Project, findings: Finding[]): Promise<void> {
  const { io } = context;
  findings.push({ level: "ok", subject: "repository", text: project.repository.root });
  const look = async (subject: string, check: () => Promise<Finding | readonly Finding[]>): Promise<void> => {
    await guarded(findings, subject, async () => findings.push(...[await check()].flat()));
  };
  const loaded = await loadAll(project);
  await look("user", () => userFindings(io, project));
  await look("configuration", () => configurationFinding(context, project));
  await look("sandbox", () => sandboxFinding(context, project));
  await look("coordinator", () => coordinatorFinding(context, project));
  await look("workflows", () => workflowFindings(project, loaded));
  await look("journals", () => journalFindings(project, loaded, io.now()));
  await look("leftovers", () => leftoverFindings(project, io.now()));
  await look("sessions", () => traceFindings(context, project));
  const places = await guarded(findings, "worktrees", () => placesOf(context, project, loaded));
  await look("worktrees", () => worktreeFindings(context, project, loaded, places ?? []));
  await look("half-way", () => unfinishedFindings(project));
  await look("leftovers", async () => endedFindings(context, project, loaded, await keptFor(project, io)));
  await look("space", async () => spaceFindings([project.commonDir, ...(places ?? [])]));
}

/** Runs one check; what it throws becomes its finding. */
async function guarded<T>(findings: Finding[], subject: string, check: () => Promise<T>): Promise<T | null> {
  try {
    return await check();
  } catch (error) {
    const [fix] = error instanceof SignalboxError ? error.hints : [];
    findings.push({
      level: "bad",
      subject,
      text: error instanceof Error ? error.message : String(error),
      ...(fix === undefined ? {} : { fix }),
    });
    return null;
  }
}
