import { builtInSettings } from "../../config/settings/built-in.ts";
import type { CliIo } from "../io.ts";
import type { Project } from "../project.ts";
import { settingsAt } from "./settings.ts";

/** How long, in milliseconds, the trees of what did not end in a merge stay when it is not named (`keep`). */
export async function keptFor({ repository }: Project, io: CliIo): Promise<number> {
  const { commit } = await repository.head();
  if (commit === null) return builtInSettings().keepMs;
  return (await settingsAt(repository, commit, io, {})).settings.keepMs;
}
