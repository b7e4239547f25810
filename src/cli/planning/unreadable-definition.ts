/** Why a definition cannot be read, with those that could have been meant. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import type { CliIo } from "../io.ts";
import { listText, nearest } from "../resolve.ts";

/** The error for what `readFile` threw: `no-such-file`, `is-a-folder` or `not-readable`, kind `user`. */
export function unreadableDefinition(io: CliIo, file: string, error: unknown): SignalboxError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EISDIR") {
    const inside = definitionsIn(io, resolve(io.cwd, file));
    const hint =
      inside.length === 0 ? "No file in it ends in .yaml or .yml" : `Definitions in it: ${listText(inside)}`;
    return new SignalboxError("user", "is-a-folder", `${file} is a folder, not a definition`, [hint], error);
  }
  if (code !== "ENOENT" && code !== "ENOTDIR") {
    const why = error instanceof Error ? error.message : String(error);
    const hint = `Look at its owner and permissions: ls -l ${file}`;
    return new SignalboxError("user", "not-readable", `${file} cannot be read: ${why}`, [hint], error);
  }
  const around = definitionsAround(io, file);
  const close = nearest(file, around);
  const hints = [
    ...(close === undefined ? [] : [`The nearest is ${close}`]),
    around.length === 0 ? "Scaffold one: signalbox init" : `Definitions here: ${listText(around)}`,
  ];
  return new SignalboxError("user", "no-such-file", `The definition ${file} is not there`, hints, error);
}

/** Beside the named file and in `workflows/`, as they would be typed. */
function definitionsAround(io: CliIo, file: string): readonly string[] {
  const folders = [dirname(resolve(io.cwd, file)), resolve(io.cwd, "workflows")];
  return [...new Set(folders)].filter(existsSync).flatMap((folder) => definitionsIn(io, folder));
}

function definitionsIn({ cwd }: CliIo, folder: string): readonly string[] {
  const names = namesIn(folder).filter((name) => /\.ya?ml$/.test(name) && name !== "signalbox.yaml");
  return names.sort().map((name) => relative(cwd, join(folder, name)));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
