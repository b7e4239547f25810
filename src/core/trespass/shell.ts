/**
 * Reads a shell command line well enough to say where its parts run and what they name. It is no shell: what only running it
 * could tell (variables, substitutions, globs) stays as it is written, and then names nothing.
 */
import { resolvePath } from "./path.ts";

/** One program with its words. */
export interface SimpleCommand {
  /** Absolute folder that it runs in, as far as `cd` before it tells. */
  readonly folder: string;
  readonly words: readonly string[];
  /** Files that its output goes into, as written; they are among the words too. */
  readonly outputs: readonly string[];
}

/** A call of git. */
export interface GitCall {
  /** Absolute folder of the working tree that it works on. */
  readonly folder: string;
  readonly verb: string;
  readonly args: readonly string[];
}

/** Simple commands of a line that was typed in `cwd`, in order; those of `sh -c '…'` among them. */
export function simpleCommands(text: string, cwd: string): readonly SimpleCommand[] {
  const found: SimpleCommand[] = [];
  let folder = cwd;
  for (const parsed of split(text)) {
    const words = withoutPrefix(parsed.words);
    const [program = "", ...args] = words;
    if (program === "") continue;
    found.push({ folder, words, outputs: parsed.outputs });
    if (program === "cd" || program === "pushd")
      folder = resolvePath(folder, args.find((it) => !it.startsWith("-")) ?? ".");
    const script = scriptOf(program, args);
    if (script !== null) found.push(...simpleCommands(script, folder));
  }
  return found;
}

/** The call, where the command is one of git. */
export function gitCall({ folder, words }: SimpleCommand): GitCall | null {
  const [program = "", ...rest] = words;
  if (program !== "git" && !program.endsWith("/git")) return null;
  let at = folder;
  for (let index = 0; index < rest.length; index += 1) {
    const word = rest[index] ?? "";
    const next = rest[index + 1] ?? "";
    if (word === "-C") at = resolvePath(at, next);
    if (word === "--work-tree") at = resolvePath(folder, next);
    if (word === "--git-dir") at = treeOf(resolvePath(folder, next));
    if (word.startsWith("--work-tree=")) at = resolvePath(folder, word.slice("--work-tree=".length));
    if (word.startsWith("--git-dir=")) at = treeOf(resolvePath(folder, word.slice("--git-dir=".length)));
    if (WITH_VALUE.has(word)) index += 1;
    else if (!word.startsWith("-")) return { folder: at, verb: word, args: rest.slice(index + 1) };
  }
  return null;
}

const WITH_VALUE: ReadonlySet<string> = new Set([
  "-C",
  "-c",
  "--git-dir",
  "--work-tree",
  "--namespace",
  "--exec-path",
]);

function treeOf(gitDir: string): string {
  return gitDir.endsWith("/.git") ? gitDir.slice(0, -"/.git".length) : gitDir;
}

const WRAPPERS: ReadonlySet<string> = new Set([
  "sudo",
  "command",
  "env",
  "exec",
  "nohup",
  "time",
  "then",
  "do",
  "else",
  "!",
  "{",
]);

/** Without assignments and programs that only start another one. */
function withoutPrefix(words: readonly string[]): readonly string[] {
  const start = words.findIndex((word) => !/^[A-Za-z_][A-Za-z0-9_]*=/.test(word) && !WRAPPERS.has(word));
  return start < 0 ? [] : words.slice(start);
}

function scriptOf(program: string, args: readonly string[]): string | null {
  if (program === "eval") return args.join(" ");
  if (!/(^|\/)(ba|da|z|k)?sh$/.test(program)) return null;
  const flag = args.findIndex((word) => /^-[a-z]*c$/.test(word));
  return flag < 0 ? null : (args[flag + 1] ?? null);
}

interface Parsed {
  readonly words: string[];
  readonly outputs: string[];
}

/** Words of each simple command: quotes taken off, cut at operators; redirections leave the word that they name. */
function split(text: string): readonly Parsed[] {
  const commands: Parsed[] = [];
  let current: Parsed = { words: [], outputs: [] };
  let word: string | null = null;
  let isOutput = false;
  let heredoc: string | null = null;
  const add = (part: string): void => {
    word = (word ?? "") + part;
  };
  const endWord = (): void => {
    if (word === null) return;
    current.words.push(word);
    if (isOutput) current.outputs.push(word);
    word = null;
    isOutput = false;
  };
  const endCommand = (): void => {
    endWord();
    if (current.words.length > 0) commands.push(current);
    current = { words: [], outputs: [] };
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === "\\") {
      at += 1;
      if (text.charAt(at) !== "\n") add(text.charAt(at));
    } else if (char === "'" || char === '"') {
      const end = closing(text, at);
      add(unescaped(text.slice(at + 1, end), char));
      at = end;
    } else if (text.startsWith("<<", at) && !text.startsWith("<<<", at)) {
      const [whole = "<<", , delimiter = ""] = /^<<-?\s*(['"]?)([A-Za-z0-9_]+)\1/.exec(text.slice(at)) ?? [];
      endWord();
      heredoc = delimiter === "" ? heredoc : delimiter;
      at += whole.length - 1;
    } else if (char === "\n" && heredoc !== null) {
      endCommand();
      at = afterHeredoc(text, at, heredoc);
      heredoc = null;
    } else if (char === ">" || char === "<") {
      // The number in front of a redirection is no word of the program.
      if (word !== null && /^\d$/.test(word)) word = null;
      endWord();
      isOutput = char === ">" && text.charAt(at + 1) !== "&";
    } else if (/[ \t\r]/.test(char)) endWord();
    else if (char === "&" && [text.charAt(at - 1), text.charAt(at + 1)].includes(">")) continue;
    else if (/[;&|()`\n]/.test(char)) endCommand();
    else if (char === "$" && text.charAt(at + 1) === "(") endWord();
    else add(char);
  }
  endCommand();
  return commands;
}

/** Index of the quote that closes the one at `open`; the end of the text where none does. */
function closing(text: string, open: number): number {
  const quote = text.charAt(open);
  for (let at = open + 1; at < text.length; at += 1) {
    if (text.charAt(at) === quote) return at;
    if (quote === '"' && text.charAt(at) === "\\") at += 1;
  }
  return text.length;
}

function unescaped(text: string, quote: string): string {
  return quote === "'" ? text : text.replace(/\\(["\\$`])/g, "$1");
}

/** What stands in a here-document is content, not commands. */
function afterHeredoc(text: string, from: number, delimiter: string): number {
  for (let at = from; at >= 0 && at < text.length; ) {
    const end = text.indexOf("\n", at + 1);
    const line = text.slice(at + 1, end < 0 ? text.length : end);
    if (line.trim() === delimiter) return end < 0 ? text.length : end;
    if (end < 0) break;
    at = end;
  }
  return text.length;
}
