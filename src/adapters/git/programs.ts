/**
 * Settings of git that name a program which git runs by itself, and how to keep them from running (P7).
 *
 * Settings cannot be taken away on git's command line, only replaced: each kind has a value that runs nothing.
 */
import { CONTENT_PROGRAM, NETWORK_PROGRAM, runsPrograms } from "../../core/trespass/program-settings.ts";
import type { Environment, Git } from "./git.ts";

/** A setting as git knows it: section and name in lower case, the part between as it was written. */
export interface Setting {
  readonly key: string;
  readonly value: string;
}

/** Environment in which git behaves as if each of these settings had the value that is given; null = as if it were not there. */
export function replacing(settings: ReadonlyMap<string, string | null>): Environment {
  const pairs = [...settings].flatMap(([key, value]) => replacement(key, value));
  const network = [...settings.keys()].some((key) => NETWORK_PROGRAM.test(key));
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
  if (!CONTENT_PROGRAM.test(key)) return [];
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
