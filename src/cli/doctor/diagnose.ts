/** What keeps workflows from running here, or may surprise: git, node, agents, configuration, coordinator, leftovers. */
import { dirname, relative } from "node:path";
import { livingClaims } from "../../adapters/coordinator/claim.ts";
import { readStopNote } from "../../adapters/coordinator/stop-note.ts";
import { ADAPTER_NAMES, loadAdapter } from "../../adapters/host/adapters.ts";
import { SignalboxError } from "../../core/errors.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { standsStill } from "../board/standstill.ts";
import type { Context } from "../context.ts";
import type { CliIo } from "../io.ts";
import { countText } from "../output/units.ts";
import { claudeLogin } from "../planning/payer.ts";
import { settingsAt } from "../planning/settings.ts";
import { loadAll, openProject, type Project, runningCoordinator } from "../project.ts";
import { spaceFindings } from "./space.ts";
import { traceFindings } from "./traces.ts";

export interface Finding {
  readonly level: "ok" | "warn" | "bad";
  readonly subject: string;
  readonly text: string;
  /** Sentence with a command. */
  readonly fix?: string;
}

/** All findings in the order in which they are printed. Never throws for what it examines. */
export async function diagnose(context: Context): Promise<readonly Finding[]> {
  const findings: Finding[] = [nodeFinding()];
  const project = await guarded(findings, "repository", () => openProject(context.io));
  if (project !== null) {
    findings.push({ level: "ok", subject: "repository", text: project.repository.root });
    await guarded(findings, "configuration", async () =>
      findings.push(await configurationFinding(context, project)),
    );
    await guarded(findings, "coordinator", async () =>
      findings.push(await coordinatorFinding(context, project)),
    );
    await guarded(findings, "workflows", async () => findings.push(...(await workflowFindings(project))));
    await guarded(findings, "sessions", async () =>
      findings.push(...(await traceFindings(context, project))),
    );
    const places = await guarded(findings, "worktrees", () => placesOf(context, project));
    if (places !== null) {
      await guarded(findings, "worktrees", async () =>
        findings.push(...(await worktreeFindings(project, places))),
      );
      await guarded(findings, "space", async () =>
        findings.push(...spaceFindings([project.commonDir, ...places])),
      );
    }
  }
  findings.push(...(await agentFindings(context.io)));
  return findings;
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

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return {
    level: ok ? "ok" : "bad",
    subject: "node",
    text: process.versions.node,
    ...(ok ? {} : { fix: "Node 20.19 or later is needed" }),
  };
}

async function configurationFinding({ io }: Context, { repository }: Project): Promise<Finding> {
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

async function coordinatorFinding({ io }: Context, project: Project): Promise<Finding> {
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

async function workflowFindings(project: Project): Promise<readonly Finding[]> {
  const { states, unreadable } = await loadAll(project);
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

/** Folders that hold worktrees: as the settings say, and as workflows were planned with. */
async function placesOf({ io }: Context, project: Project): Promise<readonly string[]> {
  const { openRepository } = await import("../../adapters/git/index.ts");
  const { commit } = await project.repository.head();
  const layouts = (await loadAll(project)).states.map(({ plan }) => plan.layout.worktrees);
  if (commit !== null)
    layouts.push((await settingsAt(project.repository, commit, io, {})).settings.layout.worktrees);
  const repositories = [...new Set(layouts)].map((worktrees) =>
    openRepository(project.repository.root, { env: io.env, worktrees }),
  );
  return (await Promise.all(repositories)).map((one) => dirname(one.worktreePath("x")));
}

/** Worktrees below our folders that belong to no workflow known here. */
async function worktreeFindings(
  { repository, store }: Project,
  folders: readonly string[],
): Promise<readonly Finding[]> {
  const ours = (await repository.worktrees()).flatMap(({ path }) => {
    const folder = folders.find((it) => path.startsWith(`${it}/`));
    return folder === undefined || path === repository.root ? [] : [{ path, inside: relative(folder, path) }];
  });
  const known = new Set(await store.list());
  const strangers = ours.filter(({ inside }) => !inside.split("/").some((part) => known.has(part)));
  const [first] = strangers;
  if (first === undefined)
    return [{ level: "ok", subject: "worktrees", text: countText(ours.length, "worktree") }];
  return [
    {
      level: "warn",
      subject: "worktrees",
      text: `${countText(strangers.length, "worktree")} of no workflow known here, such as ${first.path}`,
      fix: `Look at it, then remove it: git worktree remove ${first.path}`,
    },
  ];
}

async function agentFindings({ env }: CliIo): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const name of ADAPTER_NAMES.filter((adapter) => adapter !== "command" && adapter !== "simulated")) {
    const missing = await (await loadAdapter(name)).available();
    findings.push(
      missing === null
        ? { level: "ok", subject: name, text: "can run here" }
        : { level: "warn", subject: name, text: missing.reason, fix: missing.hint },
    );
  }
  const canRun = findings.some(({ level }) => level === "ok");
  return canRun ? [...findings, loginFinding(env)] : findings;
}

/** An agent that can run may still wait for a login with its first word. */
function loginFinding(env: CliIo["env"]): Finding {
  const { found, text } = claudeLogin(env);
  if (found !== false) return { level: "ok", subject: "login", text };
  return {
    level: "warn",
    subject: "login",
    text: "none was found for Claude Code, so its agents will wait for one",
    fix: "Log in: claude /login; or give a key: export ANTHROPIC_API_KEY=...",
  };
}
