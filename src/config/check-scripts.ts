/** Files behind a check command: who may rewrite them decides what passes, so they are protected (definition key `protect`). */
import type { Check } from "../core/definition.ts";
import { scriptsOf } from "./detect-checks.ts";
import { checkScripts } from "./settings/resolve-run.ts";

type ReadFile = (path: string) => string | null;

const DEEPEST = 5;

/**
 * Paths that running the checks executes beyond the files that their commands name themselves: files in the scripts of
 * package.json that `npm test`, `npm run x`, `yarn x` and so on lead to, and the Makefile of `make x`. Scripts may lead to
 * scripts.
 */
export function scriptsBehind(checks: readonly Check[], read: ReadFile): readonly string[] {
  const scripts = callsScripts(checks) ? (scriptsOf(read("package.json") ?? "") ?? {}) : {};
  const commands = new Set<string>();
  let lines = checks.map((check) => check.run);
  for (let depth = 0; depth < DEEPEST && lines.length > 0; depth += 1) {
    for (const line of lines) commands.add(line);
    lines = lines.flatMap((line) => calledScripts(line, scripts)).filter((line) => !commands.has(line));
  }
  const named = checkScripts([...commands].map((run) => ({ name: run, run, timeoutMs: 0 })));
  const makefiles = [...commands].some((line) => /(^|[\s;&|])make(\s|$)/.test(line))
    ? ["GNUmakefile", "makefile", "Makefile"].filter((path) => read(path) !== null)
    : [];
  return [...new Set([...named, ...makefiles])];
}

const CALL = /(?:^|[\s;&|(])(npm|pnpm|yarn|bun)\s+((?:run(?:-script)?\s+)?)(?:-[\w-]+\s+)*([\w:.-]+)/g;

/** Reading costs: the manifest is looked at only where a command leads there. */
function callsScripts(checks: readonly Check[]): boolean {
  return checks.some((check) => /\b(npm|pnpm|yarn|bun)\b/.test(check.run));
}

/** The scripts that a command line calls, with those that npm runs before and after them. */
function calledScripts(line: string, scripts: Readonly<Record<string, string>>): readonly string[] {
  return [...line.matchAll(CALL)].flatMap(([, , , word = ""]) => {
    const name = word === "t" || word === "tst" ? "test" : word;
    return [`pre${name}`, name, `post${name}`].flatMap((key) =>
      Object.hasOwn(scripts, key) ? [scripts[key] ?? ""] : [],
    );
  });
}
