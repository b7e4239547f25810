/** Ways out of a worktree, as an agent would try them: by a file tool or in a shell. */
import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";

export interface Ground {
  /** The worktree. */
  readonly cwd: string;
  /** A folder beside it, with a file in it. */
  readonly outside: string;
}

/** What an agent's shell could have prepared. */
export function prepare({ cwd, outside }: Ground): void {
  mkdirSync(path.join(cwd, "sub"));
  mkdirSync(path.join(cwd, ".git/hooks"), { recursive: true });
  for (const [name, target] of Object.entries(links(outside))) symlinkSync(target, path.join(cwd, name));
  linkSync(path.join(outside, "theirs.md"), path.join(cwd, "hard.md"));
}

/** Name to target, for links in the worktree. */
function links(outside: string): Readonly<Record<string, string>> {
  return {
    "to-folder": outside,
    "to-folder-relative": "../outside",
    "to-file": path.join(outside, "theirs.md"),
    "to-missing": path.join(outside, "new.md"),
    "to-link": "to-folder",
    "to-link-link": "to-link",
    "to-parent": "..",
    "to-root": "/",
    "to-git": ".git",
    "to-nowhere": "../nowhere",
    "sub/up": "../../outside",
    "to-proc": "/proc/self/root",
  };
}

/** The same preparations and ways as lines of a shell; a line that fails ends nothing. Where it is `free`, not the one to the root. */
export function shellScript(ground: Ground, free = false): string {
  const { outside } = ground;
  const made = Object.entries(links(outside)).map(([name, target]) => `ln -s '${target}' '${name}'`);
  const paths = Object.values(WAYS).map((way) => way(ground));
  const written = paths.flatMap((path) => {
    const file = wordOf(path);
    if (free && path.endsWith("escaped-signalbox.md")) return [];
    return `mkdir -p "$(dirname ${file})"; echo out > ${file}`;
  });
  const lines = ["mkdir -p sub .git/hooks", ...made, `ln '${outside}/theirs.md' hard.md`, ...written];
  return lines.map((line) => `( ${line} ) 2>/dev/null`).join("\n");
}

/** A shell reads a home in short only outside quotes. */
function wordOf(file: string): string {
  return file.startsWith("~/") ? file : `'${file}'`;
}

/** Thirty ways, each a path that is written to. */
export const WAYS: Readonly<Record<string, (ground: Ground) => string>> = {
  "the parent": () => "../escaped.md",
  "a sibling": () => "../outside/escaped.md",
  "a sibling by its absolute path": ({ outside }) => `${outside}/escaped.md`,
  "an existing file": ({ outside }) => `${outside}/theirs.md`,
  "up through a folder that exists": () => "sub/../../escaped.md",
  "up through a folder that does not": () => "none/../../escaped.md",
  "up many times": () => "../../../../../../../../escaped-signalbox.md",
  "dots and slashes": () => ".//..//./escaped.md",
  "absolute with dots": ({ cwd }) => `${cwd}/../escaped.md`,
  "absolute with doubled slashes": ({ outside }) => `//${outside}//escaped.md`,
  "a folder whose name begins like the worktree's": ({ cwd }) => `${cwd}-more/escaped.md`,
  "a link to a folder": () => "to-folder/escaped.md",
  "a relative link to a folder": () => "to-folder-relative/escaped.md",
  "a link to a file": () => "to-file",
  "a link to a file that is missing": () => "to-missing",
  "a link to a link": () => "to-link/escaped.md",
  "a link to a link to a link": () => "to-link-link/escaped.md",
  "a link to the parent": () => "to-parent/escaped.md",
  "a link to the root": ({ outside }) => `to-root${outside}/escaped.md`,
  "a link deeper down": () => "sub/up/escaped.md",
  "the temporary folder": ({ cwd }) => path.join(cwd, "../tmp/escaped.md"),
  "a link to a folder that is missing": () => "to-nowhere/escaped.md",
  "the root by proc": ({ outside }) => `to-proc${outside}/escaped.md`,
  "the working folder by proc": () => "/proc/self/cwd/../escaped.md",
  "a hard link": () => "hard.md",
  "the home in short": () => "~/escaped.md",
  "spaces before an absolute path": ({ outside }) => `  ${outside}/escaped.md`,
  "git's hooks in capitals": () => ".GIT/hooks/post-commit",
  "git's hooks": () => ".git/hooks/pre-commit",
  "git's settings, through a link": () => "to-git/config",
};

/** Every file below a folder with what is in it. */
export function contents(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
  return Object.fromEntries(
    files.map((file) => {
      const name = path.join(file.parentPath, file.name);
      return [name, readFileSync(name, "utf8")];
    }),
  );
}

/** Paths of everything below a folder; no link is followed. */
export function namesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    return entry.isDirectory() ? [name, ...namesBelow(name)] : [name];
  });
}
