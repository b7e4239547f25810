/** From a definition file to a plan: base commit, settings, parse, derive. */
import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { hasAcceptedStatus, isAdrPath } from "../../adapters/git/suspicion.ts";
import { type ParsedDefinition, parseDefinition } from "../../config/parse-definition.ts";
import { PROJECT_FILE } from "../../config/settings/load-settings.ts";
import { resolveRun } from "../../config/settings/resolve-run.ts";
import { SWITCHES } from "../../config/settings/switches.ts";
import type { Diagnostic } from "../../config/source/diagnostic.ts";
import { renderDiagnostics } from "../../config/source/render-diagnostics.ts";
import type { Definition } from "../../core/definition.ts";
import { SignalboxError } from "../../core/errors.ts";
import { derivePlan } from "../../core/plan/derive-plan.ts";
import { nextWorkflowId } from "../../core/plan/names.ts";
import type { Notice, Plan } from "../../core/plan/plan.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { CliIo } from "../io.ts";
import type { Project } from "../project.ts";
import type { VerbInput } from "../verb.ts";
import { requireBase, snapshotBase } from "./base.ts";
import { withFilesAt } from "./base-files.ts";
import { type ChecksRequest, namesChecks, withChecks, withProtectedScripts } from "./checks-in-force.ts";
import { type BehindPolicy, fetchUpstream, upstreamAt } from "./freshness.ts";
import { settingsAt, type ValidSettings } from "./settings.ts";
import { unreadableDefinition } from "./unreadable-definition.ts";

/** What is typed beside the file. */
export interface PlanRequest extends ChecksRequest {
  /** Path as typed, relative to the working folder; a name for messages where `text` is given. */
  readonly file: string;
  /** The definition itself, where there is no file. */
  readonly text?: string;
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly id?: string | undefined;
  readonly base?: string | undefined;
  readonly judge: boolean;
  /** Fetches what the base follows, before it is compared. */
  readonly fetch?: boolean;
  /** Starts from a snapshot of what is not committed, on top of HEAD. */
  readonly includeDirty?: boolean;
}

export interface PlannedDefinition {
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
  readonly text: string;
  /** Uncommitted paths. They are not in the base, unless it is a snapshot. */
  readonly dirty: readonly string[];
  /** Commit with the uncommitted paths that the workflow starts from; to be preserved before anything uses it. */
  readonly snapshot?: CommitId;
  /** What the definition and the configuration say of a base that is behind. */
  readonly behind: BehindPolicy;
  /** True where no level of definition and configuration says anything about checks. */
  readonly checksOpen: boolean;
}

/** Reads the options that `run` and `plan` share. */
export function planRequest(input: VerbInput): PlanRequest {
  return {
    file: input.argument(0) ?? "",
    flags: Object.fromEntries(SWITCHES.map(({ flag }) => [flag, input.text(flag)])),
    inputs: parseInputs(input.list("set")),
    id: input.text("id"),
    base: input.text("base"),
    judge: input.flag("judge"),
    includeDirty: input.flag("includeDirty"),
    fetch: input.flag("fetch"),
    checks: input.list("check"),
  };
}

/** Throws `config` errors `invalid-definition`, `invalid-configuration`, `not-plannable`, and `user` errors for paths and revisions. */
export async function planDefinition(
  project: Project,
  io: CliIo,
  request: PlanRequest,
): Promise<PlannedDefinition> {
  const { repository } = project;
  const text = request.text ?? (await readDefinition(io, request.file));
  const [head, dirty] = await Promise.all([repository.head(), repository.dirtyFiles()]);
  const snapshot = request.includeDirty === true ? await snapshotBase(io, request.base) : undefined;
  const first = snapshot ?? (await requireBase(project, request.base ?? io.env.SIGNALBOX_BASE ?? "HEAD"));
  const early = await settingsAt(repository, first, io, request.flags);
  const definition = requireValid(await parseAt(project, first, text, request, early), text);
  const named =
    snapshot === undefined
      ? (request.base ?? io.env.SIGNALBOX_BASE ?? definition.definition.base ?? early.settings.base)
      : undefined;
  const commit = named === undefined ? first : await requireBase(project, named);
  const loaded = commit === first ? early : await settingsAt(repository, commit, io, request.flags);
  const parsed =
    commit === first ? definition : requireValid(await parseAt(project, commit, text, request, loaded), text);
  const branch =
    named !== undefined && (await repository.branchExists(named))
      ? named
      : named === undefined
        ? head.branch
        : null;
  const fetches = branch !== null && (request.fetch === true || loaded.settings.fetch);
  if (fetches) await fetchUpstream(io, branch);
  const fetchedAt = fetches ? new Date(io.now()).toISOString() : undefined;
  const upstream = await upstreamAt(project, branch, commit, fetchedAt);
  const checksOpen = !namesChecks(parsed.definition, loaded);
  const plan = await derive(
    project,
    io,
    request,
    parsed.definition,
    withChecks(loaded, request, checksOpen),
    {
      branch,
      commit,
      target: parsed.definition.target ?? loaded.settings.target ?? branch ?? head.branch,
      ...(upstream === undefined ? {} : { upstream }),
    },
  );
  return {
    plan,
    warnings: parsed.warnings,
    text,
    dirty,
    behind: parsed.definition.behind ?? loaded.settings.behind,
    checksOpen: checksOpen && (request.checks ?? []).length === 0,
    ...(snapshot === undefined || snapshot === head.commit ? {} : { snapshot }),
  };
}

/** Parses a definition with its files read from a commit. */
export function parseAt(
  project: Project,
  commit: CommitId,
  text: string,
  request: Pick<PlanRequest, "file" | "inputs">,
  { settings }: ValidSettings,
): Promise<ParsedDefinition> {
  return withFilesAt(project.repository, commit, (read) =>
    parseDefinition(text, { file: request.file, inputs: request.inputs, readFile: read, settings }),
  );
}

/** Content of a definition file of the working folder. */
export async function readDefinition(io: CliIo, file: string): Promise<string> {
  try {
    return await readFile(resolve(io.cwd, file), "utf8");
  } catch (error) {
    throw unreadableDefinition(io, file, error);
  }
}

/** `--set name=value` pairs. */
export function parseInputs(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at <= 0)
        throw new SignalboxError("user", "not-a-pair", `--set ${pair} is no name=value`, [
          "For example: --set issue=41",
        ]);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** One line per notice of the planner, with its place; subject and code where the message does not say them itself. */
export function noticeText(notice: Notice, file: string): string {
  const at =
    notice.position === undefined ? "" : `${file}:${notice.position.line}:${notice.position.column}: `;
  const subject = notice.message.includes(notice.subject) ? "" : `${notice.subject}: `;
  const code = notice.message.includes(notice.code) ? "" : ` (${notice.code})`;
  return `${at}${subject}${notice.message}${code}`;
}

/** Paths that the plan silently does without, most telling first: the configuration itself, then the rest. */
export function dirtyNote(
  dirty: readonly string[],
  file: string,
  io: CliIo,
  root: string,
): readonly string[] {
  const own = relative(root, resolve(io.cwd, file));
  return [
    ...dirty.filter((path) => path === PROJECT_FILE),
    ...dirty.filter((path) => path !== PROJECT_FILE && path !== own),
  ];
}

async function derive(
  project: Project,
  io: CliIo,
  request: PlanRequest,
  definition: Definition,
  { settings }: ValidSettings,
  base: Plan["base"],
): Promise<Plan> {
  const createdAt = new Date(io.now()).toISOString().replace(/\.\d+Z$/, "Z");
  const fixed = request.id ?? definition.id;
  const id =
    fixed ??
    nextWorkflowId(definition.slug, createdAt.slice(0, 10).replaceAll("-", ""), await takenIds(project));
  const { plan, notices } = await withFilesAt(project.repository, base.commit, (read) =>
    derivePlan(definition, {
      id,
      idSource: fixed === undefined ? "auto" : "user",
      createdAt,
      project: definition.project ?? settings.project ?? project.repository.name,
      base,
      layout: settings.layout,
      roles: settings.roles,
      escalationRules: settings.escalation.rules,
      resolveRun: (...layers) => withProtectedScripts(resolveRun(settings, ...layers), read),
      isBaselined: (path) => isAdrPath(path) && hasAcceptedStatus(read(path) ?? ""),
      judge: request.judge,
    }),
  );
  if (plan !== null) return plan;
  const errors = notices
    .filter((notice) => notice.level === "error")
    .map((notice) => noticeText(notice, request.file));
  throw new SignalboxError(
    "config",
    "not-plannable",
    `${request.file} cannot be planned\n\n${errors.join("\n")}\n`,
    [`See it in full: signalbox validate ${request.file}`],
  );
}

/** Ids that were ever used here: by journals, and by branches that came from elsewhere. */
async function takenIds({ store, repository }: Project): Promise<readonly string[]> {
  const [ours, arrived] = await Promise.all([
    repository.branches("signalbox/"),
    repository.integrationBranches(),
  ]);
  const attempts = ours.map(({ branch }) => branch.split("/")[1] ?? "");
  return [...(await store.list()), ...attempts, ...arrived.map(({ workflow }) => workflow)];
}

function requireValid(parsed: ParsedDefinition, text: string): Extract<ParsedDefinition, { ok: true }> {
  if (parsed.ok) return parsed;
  const count = parsed.errors.length;
  throw new SignalboxError(
    "config",
    "invalid-definition",
    `${parsed.errors[0]?.file ?? "The definition"} has ${count === 1 ? "an error" : `${count} errors`}\n\n${renderDiagnostics(parsed.errors, text)}\n`,
    ["Keys and their meaning for editors: signalbox schema definition"],
  );
}
