/** What an install needs to know beyond its lockfile. */
import { lstat, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { readFileIfThere } from "../fs/read-file.ts";
import type { InstallFacts, ManagerId } from "./managers.ts";
import type { Place } from "./places.ts";

export async function installFacts(root: string, worktree: string, place: Place): Promise<InstallFacts> {
  const home = place.home ?? "";
  return {
    modernYarn: place.manager.id === "yarn" && (await isModernYarn(worktree, place)),
    home: posix.basename(home) || ".venv",
    python: place.manager.id === "pip" ? await pythonOf(join(root, home)) : "python3",
  };
}

async function isModernYarn(worktree: string, { folder, lockfile }: Place): Promise<boolean> {
  if ((await lstat(join(worktree, folder, ".yarnrc.yml")).catch(() => null)) !== null) return true;
  return !(await readFile(join(worktree, lockfile), "utf8")).includes("# yarn lockfile v1");
}

/** The interpreter that the environment of the checkout was made with, so that both have the same version. */
async function pythonOf(home: string): Promise<string> {
  const text = (await readFileIfThere(join(home, "pyvenv.cfg")))?.toString("utf8") ?? "";
  const folder = /^home\s*=\s*(.+)$/m.exec(text)?.[1]?.trim();
  if (folder === undefined) return "python3";
  const python = join(folder, "python3");
  return (await lstat(python).catch(() => null)) === null ? "python3" : python;
}

/** Scripts that only put git hooks in place; they are switched off during an install as well. */
const HOOKS_ONLY =
  /^(?:npx )?(?:husky(?: install)?|lefthook install|simple-git-hooks)(?: \|\| (?:true|exit 0|:))?$/;

/**
 * Commands for the scripts of the project itself that an install would have run after it. None where the project's `.npmrc` or
 * the user's own (`userConfig`) switches scripts off.
 */
export async function lifecycleScripts(
  project: string,
  manager: ManagerId,
  userConfig: string | null,
): Promise<readonly string[]> {
  const scripts = await scriptsOf(project);
  const has = (name: string): boolean =>
    scripts[name] !== undefined && !HOOKS_ONLY.test(scripts[name].trim());
  const names = [
    // `run install` takes its pre and post scripts along.
    ...(has("install") ? ["install"] : ["postinstall"].filter(has)),
    ...["prepublish", "prepare"].filter(has),
  ];
  const files = [join(project, ".npmrc"), ...(userConfig === null ? [] : [userConfig])];
  const texts = await Promise.all(
    files.map(async (file) => (await readFileIfThere(file))?.toString("utf8") ?? ""),
  );
  return texts.some((text) => /^\s*ignore-scripts\s*=\s*true/m.test(text))
    ? []
    : names.map((name) => `${manager} run ${name}`);
}

async function scriptsOf(project: string): Promise<Readonly<Record<string, string | undefined>>> {
  try {
    const text = await readFile(join(project, "package.json"), "utf8");
    const { scripts } = JSON.parse(text) as { readonly scripts?: Readonly<Record<string, string>> };
    return scripts ?? {};
  } catch {
    return {};
  }
}
