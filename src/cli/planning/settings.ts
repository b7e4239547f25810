/** Settings in force for a repository at a commit. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type LoadedSettings, loadSettings, PROJECT_FILE } from "../../config/settings/load-settings.ts";
import { userConfigPath } from "../../config/settings/user-config.ts";
import { renderDiagnostics } from "../../config/source/render-diagnostics.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { Repository } from "../../ports/repository.ts";
import type { CliIo } from "../io.ts";
import { withFilesAt } from "./base-files.ts";

export type Flags = Readonly<Record<string, string | undefined>>;

export type ValidSettings = Extract<LoadedSettings, { ok: true }>;

/** Built-in, user, project (as committed), environment, flags. Throws `config` error `invalid-configuration` with every fault of every file. */
export async function settingsAt(
  repository: Repository,
  commit: CommitId,
  io: Pick<CliIo, "env">,
  flags: Flags,
): Promise<ValidSettings> {
  const userFile = userConfigPath(io.env);
  const userText = userFile === null ? null : readIfThere(userFile);
  const projectText = await repository.readFile(commit, PROJECT_FILE);
  const loaded = await withFilesAt(repository, commit, (readFile) =>
    loadSettings({
      projectText,
      userText,
      env: io.env,
      flags,
      readFile,
      ...(userFile === null
        ? {}
        : { userFile, readUserFile: (path: string) => readIfThere(join(dirname(userFile), path)) }),
    }),
  );
  if (loaded.ok) return loaded;
  const text = loaded.errors.every((error) => error.file === PROJECT_FILE) ? (projectText ?? "") : "";
  throw new SignalboxError(
    "config",
    "invalid-configuration",
    `The configuration has ${loaded.errors.length === 1 ? "an error" : `${loaded.errors.length} errors`}\n\n${renderDiagnostics(loaded.errors, text)}\n`,
    ["What holds now and where it comes from: signalbox config --show-origin"],
  );
}

export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
