/** Settings of git and files of its folder that a session changed, and those that may start programs whoever changed them (P7). */
import { changed, type Deeds, namesPath, quoted } from "./deeds.ts";
import { runsPrograms } from "./program-settings.ts";
import type { GitCall } from "./shell.ts";
import type { Surroundings, Trespass } from "./surroundings.ts";

/** Named settings, and in any case those that start programs. */
export function settingTrespasses(
  before: Surroundings,
  after: Surroundings,
  deeds: Deeds,
): readonly Trespass[] {
  const file = namesPath(deeds, `${after.commonDir}/config`);
  return changed(before.settings, after.settings).flatMap((key): readonly Trespass[] => {
    const named = file || deeds.gits.some((call) => namesSetting(call, key));
    if (!named && !runsPrograms(key)) return [];
    const [was, is] = [before.settings[key] ?? null, after.settings[key] ?? null];
    return [
      {
        kind: "setting",
        name: key,
        named,
        evidence: `${named ? "The session changed" : "While the session worked, somebody changed"} the setting ${key} of the repository's git${isShown(key) ? ` from ${said(was)} to ${said(is)}` : ""}.`,
        action: `Leave the settings of git alone. ${settingBack(key, isShown(key) ? was : undefined)}`,
        before: was,
        now: is,
      },
    ];
  });
}

/** A value may be a password in an address; what starts a program has to be seen. */
function isShown(key: string): boolean {
  return runsPrograms(key) && !key.startsWith("credential.");
}

function namesSetting({ verb, args }: GitCall, key: string): boolean {
  if (verb === "config")
    return args.some((word) => word.toLowerCase() === key.toLowerCase() || isSectionOf(word, key));
  if (verb === "remote") return key.startsWith("remote.") && args.some((word) => key.includes(`.${word}.`));
  return verb === "lfs" && key.startsWith("filter.lfs.");
}

/** `git config --remove-section filter.x`. */
function isSectionOf(word: string, key: string): boolean {
  return word.includes(".") && key.toLowerCase().startsWith(`${word.toLowerCase()}.`);
}

/** Undefined where the value is not to be shown: it may be a password in an address. */
function settingBack(key: string, was: string | null | undefined): string {
  if (was === undefined) return `A person looks at it with: git config --get-all ${quoted(key)}`;
  if (was === null) return `A person takes it away with: git config --unset-all ${quoted(key)}`;
  return `A person puts it back with: git config --replace-all ${quoted(key)} ${quoted(was)}`;
}

/** Hooks and files that change what git does: each may start programs, so all are told. */
export function gitFileTrespasses(
  before: Surroundings,
  after: Surroundings,
  deeds: Deeds,
): readonly Trespass[] {
  return changed(before.gitFiles, after.gitFiles).map((path) => {
    const named = namesPath(deeds, `${after.commonDir}/${path}`);
    const [was, is] = [before.gitFiles[path] ?? null, after.gitFiles[path] ?? null];
    const how = is === null ? "removed" : was === null ? "made" : "changed";
    return {
      kind: "git-file",
      name: path,
      named,
      evidence: `${named ? `The session ${how}` : `While the session worked, somebody ${how}`} ${path} in the repository's git folder.`,
      action: `Leave git's own files alone. A person looks at it with: cat "$(git rev-parse --git-path ${path})"`,
      before: was,
      now: is,
    };
  });
}

function said(value: string | null): string {
  return value === null ? "nothing" : JSON.stringify(value.slice(0, 200));
}
