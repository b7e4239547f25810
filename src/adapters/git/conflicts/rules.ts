/**
 * How files are merged may be said by the repository itself (`.gitattributes`: `merge=union`, `binary`). `git merge` reads that from
 * the checkout that it merges into; here there is none, so the files are laid out for it.
 */
import { createHash } from "node:crypto";
import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CommitId } from "../../../core/vocabulary.ts";
import { temporaryPrefix } from "../../fs/temporary.ts";
import { readBlobs } from "../blobs.ts";
import type { Git } from "../git.ts";
import { treeOf } from "../reads.ts";
import { type AttributeFiles, readAttributeFiles } from "./changes.ts";

/** The files in force for a side: those of the base with what the side changed. */
export function inForce(base: AttributeFiles, changed: AttributeFiles): AttributeFiles {
  if (base.size === 0 && changed.size === 0) return NONE;
  return new Map([...base, ...changed].filter(([, id]) => id !== null));
}

const NONE: AttributeFiles = new Map();

/** Same key, same rules; empty for none. */
export function rulesKey(files: AttributeFiles): string {
  if (files.size === 0) return "";
  const lines = [...files].map(([path, id]) => `${id} ${path}`).toSorted();
  return createHash("sha256").update(lines.join("\0")).digest("hex");
}

/** Git that merges by these rules, and by `more` lines of the file at the top. `folder` is removed by the caller. */
export async function gitUnderRules(
  git: Git,
  commonDir: string,
  files: AttributeFiles,
  folder: string,
  more = "",
): Promise<Git> {
  if (files.size === 0 && more === "") return git;
  const contents = await readBlobs(
    git,
    [...files.values()].flatMap((id) => id ?? []),
  );
  const top = await mkdtemp(join(folder, "rules-"));
  for (const [path, id] of files) {
    const content = contents.get(id ?? "");
    if (content === undefined) continue;
    const place = Buffer.from(`${top}/${path}`, "latin1");
    await mkdir(Buffer.from(dirname(`${top}/${path}`), "latin1"), { recursive: true });
    await writeFile(place, content);
  }
  if (more !== "") await appendFile(join(top, ".gitattributes"), `\n${more}`);
  return git.within(top, { GIT_DIR: commonDir, GIT_WORK_TREE: top });
}

/** Lends git that merges into a commit as `git merge` would in a checkout of it, with `more` lines of `.gitattributes`. */
export async function underRulesOf<T>(
  git: Git,
  commit: CommitId,
  use: (git: Git) => Promise<T>,
  more = "",
): Promise<T> {
  const tree = await treeOf(git, commit);
  const files = (await readAttributeFiles(git, [tree])).get(tree) ?? NONE;
  if (files.size === 0 && more === "") return use(git);
  const folder = await mkdtemp(temporaryPrefix("rules"));
  try {
    const commonDir = await git.text(["rev-parse", "--path-format=absolute", "--git-common-dir"]);
    return await use(await gitUnderRules(git, commonDir, files, folder, more));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
