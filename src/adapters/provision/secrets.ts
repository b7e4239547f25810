/** Files with secrets, known by their names, and their values, which must not get into logs, results or records. */
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { type Redact, redactor } from "../../core/redaction.ts";
import { findAdmin, provisionedPaths } from "../git/admin.ts";

/** Too short to be a secret, and too common to be taken out of every text. */
const SHORTEST = 6;
const COMMON = /^(?:true|false|null|none|production|development|localhost|127\.0\.0\.1|\d+)$/i;
const ASSIGNMENT =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.]*)[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|`[^`]*`|[^\r\n]*)/gm;

/** True for `.env`, `.env.local`, `.envrc` and the like, wherever they are. */
export function isSecretFile(path: string): boolean {
  return /^\.env/.test(posix.basename(path));
}

/** Values of a file of assignments, longest first, each with its name. */
export function secretValues(text: string): readonly (readonly [value: string, name: string])[] {
  const found = [...text.matchAll(ASSIGNMENT)].flatMap(([, name = "", written = ""]) => {
    const value = unquoted(written);
    return [value, ...value.split(/\r?\n|\\n/)].map((part) => [part.trim(), name] as const);
  });
  const telling = found.filter(([value]) => value.length >= SHORTEST && !COMMON.test(value));
  return [...new Map(telling)].toSorted((a, b) => b[0].length - a[0].length);
}

function unquoted(written: string): string {
  const quote = /^["'`]/.exec(written)?.[0];
  if (quote !== undefined) return written.slice(1, -1);
  return written.replace(/\s+#.*$/, "").trim();
}

/** A redactor for the values of these files and for tokens; a file that cannot be read has no values. */
export async function redactorOf(worktree: string, paths: readonly string[]): Promise<Redact> {
  const texts = await Promise.all(
    paths.filter(isSecretFile).map((path) => readFile(join(worktree, path), "utf8").catch(() => "")),
  );
  return redactor(texts.flatMap(secretValues).map(([value, name]) => ({ name, value })));
}

/** A redactor for what provisioning copied into a worktree; for any other folder one for tokens alone. */
export async function worktreeRedactor(commonDir: string | undefined, worktree: string): Promise<Redact> {
  const admin = commonDir === undefined ? null : await findAdmin(commonDir, worktree);
  return admin === null ? redactor([]) : redactorOf(worktree, await provisionedPaths(admin));
}
