/** Looks at everything of the user's in a repository, without changing a byte of it (P6). */
import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { Surroundings } from "../../core/trespass/surroundings.ts";
import type { RepositoryContext } from "./context.ts";
import type { Git } from "./git.ts";
import { localSettings } from "./programs.ts";

/** Larger files, and those beyond the total, are told apart by size and time. */
const LARGEST = 1024 * 1024;
const TOTAL = 64 * 1024 * 1024;
/** Of hooks, whose text is kept so that it can come back. */
const LARGEST_KEPT = 64 * 1024;

/** Settings that git itself writes while worktrees and submodules are used. */
const EVERYDAY =
  /^(branch\..+\.(remote|merge|rebase|pushremote)|submodule\..+\.(url|active)|gc\..+|maintenance\..+)$/;

export async function photograph(context: RepositoryContext): Promise<Surroundings> {
  const main = context.git.within(context.root);
  const [checkout, refs, settings, gitFiles] = await Promise.all([
    lookAtCheckout(main, context.root),
    foreignRefs(context),
    localSettings(context.git),
    lookAtGitFiles(context.commonDir),
  ]);
  return {
    root: context.root,
    commonDir: context.commonDir,
    ...checkout,
    refs,
    settings: joined(settings),
    gitFiles,
  };
}

async function lookAtCheckout(
  git: Git,
  root: string,
): Promise<Pick<Surroundings, "branch" | "commit" | "files">> {
  const args = ["status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--no-renames"];
  // Inside submodules git would run with their settings.
  const { stdout } = await git.run([...args, "--ignore-submodules=dirty"]);
  const lines = stdout.toString("utf8").split("\0");
  const header = (name: string): string | null =>
    lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3) ?? null;
  const [branch, commit] = [header("branch.head"), header("branch.oid")];
  return {
    branch: branch === "(detached)" ? null : branch,
    commit: commit === "(initial)" ? null : commit,
    files: await signatures(
      root,
      lines.filter((line) => /^[12u?] /.test(line)),
    ),
  };
}

/** Of porcelain v2 without renames: how many fields stand before the path. */
const FIELDS: Readonly<Record<string, number>> = { "1": 8, u: 10, "?": 1 };

async function signatures(root: string, lines: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  let room = TOTAL;
  for (const line of lines) {
    const fields = line.split(" ");
    const count = FIELDS[fields[0] ?? ""] ?? 1;
    const path = fields.slice(count).join(" ");
    const { text, bytes } = await contentSign(join(root, path), room);
    room -= bytes;
    // The state in the index, with the id that stands there, and the content on disk.
    found[path] = `${fields.slice(0, count).join(" ")} ${text}`;
  }
  return found;
}

async function contentSign(
  path: string,
  room: number,
): Promise<{ readonly text: string; readonly bytes: number }> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return { text: "gone", bytes: 0 };
  if (stats.isSymbolicLink()) return { text: `link ${await readlink(path).catch(() => "")}`, bytes: 0 };
  if (!stats.isFile()) return { text: "no file", bytes: 0 };
  if (stats.size > Math.min(LARGEST, room)) return { text: `${stats.size} ${stats.mtimeMs}`, bytes: 0 };
  const content = await readFile(path).catch(() => Buffer.alloc(0));
  return { text: createHash("sha256").update(content).digest("hex"), bytes: content.length };
}

async function foreignRefs({ git, prefix }: RepositoryContext): Promise<Readonly<Record<string, string>>> {
  const lines = (await git.text(["for-each-ref", "--format=%(objectname) %(refname)"])).split("\n");
  const refs = lines.flatMap((line) => {
    const [id = "", ref = ""] = line.split(" ");
    const ours = ref.startsWith(`refs/heads/${prefix}/`) || ref.startsWith("refs/signalbox/");
    return ref === "" || ours ? [] : [[ref, id] as const];
  });
  return Object.fromEntries(refs);
}

function joined(
  settings: readonly { readonly key: string; readonly value: string }[],
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { key, value } of settings) {
    if (EVERYDAY.test(key)) continue;
    const before = found[key];
    found[key] = before === undefined ? value : `${before}\0${value}`;
  }
  return found;
}

const INFO = ["info/attributes", "info/grafts", "objects/info/alternates"];

async function lookAtGitFiles(commonDir: string): Promise<Readonly<Record<string, string>>> {
  const hooks = (await readdir(join(commonDir, "hooks")).catch(() => [])).filter(
    (name) => !name.endsWith(".sample"),
  );
  const paths = [...hooks.map((name) => `hooks/${name}`), ...INFO];
  const found = await Promise.all(
    paths.map(async (path) => {
      const content = await readFile(join(commonDir, path)).catch(() => null);
      return content === null ? [] : [[path, gitFileText(content)] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** The text of a hook or file of git; of one that is no text or too long for keeping, NUL and a hash. */
export function gitFileText(content: Buffer): string {
  const text = content.toString("utf8");
  const isText = content.length <= LARGEST_KEPT && !text.includes("\0") && Buffer.from(text).equals(content);
  return isText ? text : `\0sha256 ${createHash("sha256").update(content).digest("hex")}`;
}
