/** Files with secrets that a plan would copy into worktrees: asked about once in a repository, and told before anything starts. */
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { allowanceText, type Consent, openConsent } from "../../adapters/provision/consent.ts";
import { matchPaths } from "../../adapters/provision/match.ts";
import { isSecretFile } from "../../adapters/provision/secrets.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import type { Project } from "../project.ts";
import { settingsAt } from "./settings.ts";

export interface SecretFiles {
  readonly copied: readonly string[];
  /** Nobody has said anything about them. */
  readonly open: readonly string[];
  readonly refused: readonly string[];
}

/** Asks a person about what is open, where one is there; the answer is kept beside the journals. `--yes` is no answer to this. */
export async function settleSecretFiles(
  context: Context,
  project: Project,
  plan: Plan,
  yes: boolean,
  ask: typeof confirm = confirm,
): Promise<SecretFiles> {
  const paths = await secretPaths(project, plan);
  if (paths.length === 0) return { copied: [], open: [], refused: [] };
  const consent = consentOf(context, project);
  const found = await sorted(consent, paths);
  if (found.open.length === 0 || yes || !context.canAsk) return found;
  const allowed = await ask(context, questionText(found.open), false);
  const at = new Date(context.io.now()).toISOString();
  await consent.remember(found.open, { allowed, by: context.io.user, at });
  return sorted(consent, paths);
}

/** What stands in the header; null where there is no such file. */
export function secretFilesText({ copied, open, refused }: SecretFiles): string | null {
  const parts = [
    ...(copied.length === 0 ? [] : [`${copied.join(", ")} copied from the checkout`]),
    ...(open.length === 0 ? [] : [`${open.join(", ")} not copied; ${allowanceText(open)}`]),
    ...(refused.length === 0
      ? []
      : [`${refused.join(", ")} not copied, as answered here before; ${allowanceText(refused)}`]),
  ];
  return parts.length === 0 ? null : parts.join("; ");
}

function questionText(paths: readonly string[]): string {
  const them = paths.length === 1 ? "it" : "them";
  return `Copy ${paths.join(", ")} into the worktrees? Agents and what they start can read ${them}.`;
}

function consentOf({ io }: Context, { repository }: Project): Consent {
  return openConsent(repository.commonDir, async () => {
    const { commit } = await repository.head();
    if (commit === null) return [];
    const { copy, link } = (await settingsAt(repository, commit, io, {})).settings.run.provision;
    return [...copy, ...link];
  });
}

async function sorted(consent: Consent, paths: readonly string[]): Promise<SecretFiles> {
  const answers = await Promise.all(paths.map((path) => consent.of(path)));
  const having = (answer: boolean | null): readonly string[] =>
    paths.filter((_, index) => answers[index] === answer);
  return { copied: having(true), open: having(null), refused: having(false) };
}

/** What the patterns of all levels name and the base does not have. */
async function secretPaths({ repository }: Project, plan: Plan): Promise<readonly string[]> {
  const levels = [plan.settings, ...plan.deliverables.map((it) => it.settings)];
  const patterns = [...new Set(levels.flatMap(({ provision }) => [...provision.copy, ...provision.link]))];
  const matches = await Promise.all(patterns.map((pattern) => secretsIn(repository.root, pattern)));
  const found = [...new Set(matches.flat())].toSorted();
  const tracked = await Promise.all(found.map((path) => repository.readFile(plan.base.commit, path)));
  return found.filter((_, index) => tracked[index] === null);
}

/** A pattern that must not be followed is told by the worktree that it is for. */
async function secretsIn(root: string, pattern: string): Promise<readonly string[]> {
  const paths = await matchPaths(root, pattern).catch(() => []);
  const inner = await Promise.all(
    paths.map(async (path) => {
      if (isSecretFile(path)) return [path];
      const isFolder = (await lstat(join(root, path)).catch(() => null))?.isDirectory() === true;
      return isFolder ? (await matchPaths(root, `${path}/**/.env*`)).filter(isSecretFile) : [];
    }),
  );
  return inner.flat();
}
