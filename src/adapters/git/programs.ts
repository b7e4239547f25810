/**
 * Settings of git that name a program which git runs by itself, and how to keep them from running (P7).
 *
 * Settings cannot be taken away on git's command line, only replaced: each kind has a value that runs nothing.
 */
import type { Environment, Git } from "./git.ts";

/** A setting as git knows it: section and name in lower case, the part between as it was written. */
export interface Setting {
  readonly key: string;
  readonly value: string;
}

/** Programs for content: they run when a file is added, checked out, merged. */
const CONTENT = /^(filter\..+\.(clean|smudge|process)|merge\..+\.driver)$/;

/** Programs and doors that only matter when git talks to somebody. A partial clone does so by itself. */
const NETWORK =
  /^(core\.(sshcommand|gitproxy|askpass|alternaterefscommand)|credential\.(.+\.)?helper|remote\..+\.(uploadpack|receivepack|vcs|url)|url\..+\.(pushinsteadof|insteadof)|protocol\.(.+\.)?allow|extensions\.partialclone)$/;

/** Programs that our own git never runs (`git.ts` G1), but the person's does. */
const PERSONS =
  /^(core\.(hookspath|fsmonitor|editor|pager|attributesfile|worktree)|sequence\.editor|pager\..+|interactive\.difffilter|diff\.external|diff\..+\.(textconv|command)|difftool\..+\.(cmd|path)|mergetool\..+\.(cmd|path)|gpg\.(.+\.)?program|gpg\.ssh\.defaultkeycommand|trailer\..+\.(cmd|command)|tar\..+\.command|alias\..+|submodule\..+\.update|include\.path|includeif\..+\.path|extensions\.worktreeconfig)$/;

/** True for settings that name a program, or a door through which one comes in. */
export function runsPrograms(key: string): boolean {
  return CONTENT.test(key) || NETWORK.test(key) || PERSONS.test(key);
}

/** Environment in which git behaves as if each of these settings had the value that is given; null = as if it were not there. */
export function replacing(settings: ReadonlyMap<string, string | null>): Environment {
  const pairs = [...settings].flatMap(([key, value]) => replacement(key, value));
  const network = [...settings.keys()].some((key) => NETWORK.test(key));
  const numbered = pairs.flatMap(({ key, value }, index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    ...(pairs.length === 0
      ? {}
      : { GIT_CONFIG_COUNT: String(pairs.length), ...Object.fromEntries(numbered) }),
    // Several of these settings add up instead of replacing each other, so nobody is talked to at all.
    ...(network ? { GIT_ALLOW_PROTOCOL: "none" } : {}),
  };
}

function replacement(key: string, value: string | null): readonly Setting[] {
  if (!CONTENT.test(key)) return [];
  if (value !== null) return [{ key, value }];
  // An empty driver would succeed with one side's content; one that fails leaves the conflict to a person.
  if (key.startsWith("merge.")) return [{ key, value: "false" }];
  const driver = key.slice(0, key.lastIndexOf("."));
  return [
    { key, value: "" },
    { key: `${driver}.required`, value: "false" },
  ];
}

/** The same git, in which no program of the repository's own settings runs: for repositories that a session may have made. */
export async function withoutPrograms(git: Git): Promise<Git> {
  const settings = await localSettings(git);
  const programs = settings.filter(({ key }) => runsPrograms(key));
  return git.within(git.cwd, replacing(new Map(programs.map(({ key }) => [key, null]))));
}

/** Settings of the repository and of the worktree, with what they include; later ones win. Empty where git cannot read them. */
export async function localSettings(git: Git): Promise<readonly Setting[]> {
  const result = await git.run(["config", "--list", "--show-scope", "--includes", "-z"], {
    accept: [1, 128],
  });
  if (result.code !== 0) return [];
  const fields = result.stdout.toString("utf8").split("\0");
  const found: Setting[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    if (fields[at] !== "local" && fields[at] !== "worktree") continue;
    const [key = "", ...value] = (fields[at + 1] ?? "").split("\n");
    found.push({ key, value: value.join("\n") });
  }
  return found;
}
