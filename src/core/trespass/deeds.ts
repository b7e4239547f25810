/** What a session did, as far as its own calls tell. */
import { isWithin, resolvePath } from "./path.ts";
import { type GitCall, gitCall, type SimpleCommand, simpleCommands } from "./shell.ts";
import type { ToolCall } from "./surroundings.ts";

/** Tools whose target is a command line. */
const SHELLS: ReadonlySet<string> = new Set(["Bash", "shell"]);
/** Tools that change nothing. */
const LOOKING: ReadonlySet<string> = new Set([
  "Read",
  "Glob",
  "Grep",
  "LS",
  "WebFetch",
  "WebSearch",
  "NotebookRead",
]);

export interface Deeds {
  /** Absolute paths that file tools may have changed. */
  readonly files: ReadonlySet<string>;
  readonly commands: readonly SimpleCommand[];
  readonly gits: readonly GitCall[];
}

/** Calls of a session that works in `cwd`, an absolute folder. */
export function deedsOf(cwd: string, calls: readonly ToolCall[]): Deeds {
  const commands = calls.flatMap(({ tool, target }) => (SHELLS.has(tool) ? simpleCommands(target, cwd) : []));
  const files = calls
    .filter(({ tool }) => !SHELLS.has(tool) && !LOOKING.has(tool))
    .map(({ target }) => resolvePath(cwd, target));
  return { files: new Set(files), commands, gits: commands.flatMap((command) => gitCall(command) ?? []) };
}

/** Keys whose values differ between two moments, sorted. */
export function changed(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => before[key] !== after[key]).sort();
}

/** True when a file tool or a command may have changed the file at an absolute path, and says so. */
export function namesPath({ files, commands }: Deeds, path: string): boolean {
  return files.has(path) || commands.some((command) => writes(command, path));
}

/** Programs that only look, unless their output goes somewhere. */
const READERS: ReadonlySet<string> = new Set(
  (
    "cat head tail less more grep egrep fgrep rg ag ls tree wc diff cmp stat file du df cd pushd popd test [ [[ echo " +
    "printf awk cut sort uniq jq md5sum sha256sum realpath readlink basename dirname which type pwd true false git"
  ).split(" "),
);

function writes({ folder, words: [program = "", ...args], outputs }: SimpleCommand, path: string): boolean {
  const at = (word: string): string => resolvePath(folder, word.replace(/\/?\*+$/, ""));
  if (outputs.some((word) => at(word) === path)) return true;
  const name = program.slice(program.lastIndexOf("/") + 1);
  if (READERS.has(name) || isOnlyLooking(name, args)) return false;
  const plain = args.filter((word) => !word.startsWith("-")).map(at);
  if (name === "rm" || name === "rmdir" || name === "find")
    return plain.some((it) => it !== "/" && isWithin(it, path));
  if (/^(cp|mv|ln|install|rsync)$/.test(name)) return movesOnto(name, plain, path);
  const said = args.flatMap((word) => [word, word.slice(word.indexOf("=") + 1)]);
  return said.some((word) => at(word) === path || (path.length > 8 && word.includes(path)));
}

function isOnlyLooking(name: string, args: readonly string[]): boolean {
  if (name === "sed") return !args.some((word) => /^(-[a-zA-Z]*i|--in-place)/.test(word));
  return name === "find" && !args.some((word) => /^-(delete|exec|execdir|ok|fprint)/.test(word));
}

/** The last word is where it goes: a file, or a folder that gets what is named before; `mv` also takes things away. */
function movesOnto(name: string, words: readonly string[], path: string): boolean {
  const target = words.at(-1);
  const sources = words.slice(0, -1);
  if (target === undefined) return false;
  if (name === "mv" && sources.some((it) => it !== "/" && isWithin(it, path))) return true;
  if (path === target) return true;
  return sources.some((it) => isWithin(`${target}/${it.slice(it.lastIndexOf("/") + 1)}`, path));
}

/** `git <verb> <arguments>`, short enough for a sentence. */
export function callText({ verb, args }: GitCall): string {
  return `git ${[verb, ...args].join(" ").slice(0, 120)}`;
}

/** A commit id for people; `nothing` for none. */
export function short(commit: string | null): string {
  return commit === null ? "nothing" : commit.slice(0, 12);
}

/** A word that a shell takes as it is. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
