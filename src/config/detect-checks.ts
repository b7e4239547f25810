/** Which check a repository already has: what a person would type there to test it. */

/** Reads a file at the root of the base commit; null where it is not there. */
type ReadFile = (path: string) => string | null;

interface Kind {
  /** File at the root that says what kind of project it is. */
  readonly file: string;
  /** The command, or null where the file does not speak of tests. */
  readonly command: (text: string, read: ReadFile) => string | null;
}

const KINDS: readonly Kind[] = [
  { file: "package.json", command: scriptCommand },
  { file: "deno.json", command: (text) => (/"test"\s*:/.test(text) ? "deno task test" : "deno test") },
  { file: "Cargo.toml", command: () => "cargo test" },
  { file: "go.mod", command: () => "go test ./..." },
  { file: "pyproject.toml", command: pythonCommand },
  { file: "pytest.ini", command: () => "python -m pytest" },
  { file: "tox.ini", command: (text) => (/^\[pytest\]/m.test(text) ? "python -m pytest" : "tox") },
  { file: "mix.exs", command: () => "mix test" },
  { file: ".rspec", command: () => "bundle exec rspec" },
  { file: "pom.xml", command: (_, read) => (read("mvnw") === null ? "mvn -q test" : "./mvnw -q test") },
  { file: "gradlew", command: () => "./gradlew test" },
  { file: "composer.json", command: (text) => (/"test"\s*:/.test(text) ? "composer test" : null) },
];

/**
 * Check commands to propose where nothing names any, at most one per kind of project; a `test` target of a Makefile only where
 * nothing else is found, because it usually calls the others. Reads files at the root only.
 */
export function detectChecks(read: ReadFile): readonly string[] {
  const found = KINDS.flatMap(({ file, command }) => {
    const text = read(file);
    const line = text === null ? null : command(text, read);
    return line === null ? [] : [line];
  });
  if (found.length > 0) return [...new Set(found)];
  const makefile = read("Makefile") ?? read("makefile");
  return makefile !== null && /^test\s*:(?!=)/m.test(makefile) ? ["make test"] : [];
}

/** The placeholder that `npm init` writes fails always and tests nothing. */
function scriptCommand(text: string, read: ReadFile): string | null {
  const test = scriptsOf(text)?.test;
  if (test === undefined || test.trim() === "" || /no test specified/.test(test)) return null;
  const managers = [
    ["pnpm-lock.yaml", "pnpm test"],
    ["yarn.lock", "yarn test"],
    ["bun.lock", "bun run test"],
    ["bun.lockb", "bun run test"],
  ] as const;
  return managers.find(([lock]) => read(lock) !== null)?.[1] ?? "npm test";
}

function pythonCommand(text: string): string | null {
  return /\[tool\.pytest|["']pytest\b|^\s*pytest\s*[=<>~]/m.test(text) ? "python -m pytest" : null;
}

/** Scripts of a package manifest; null where the text is no manifest. */
export function scriptsOf(manifest: string): Readonly<Record<string, string>> | null {
  try {
    const parsed: unknown = JSON.parse(manifest);
    const scripts =
      typeof parsed === "object" && parsed !== null && "scripts" in parsed ? parsed.scripts : undefined;
    if (typeof scripts !== "object" || scripts === null) return null;
    return Object.fromEntries(
      Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  } catch {
    return null;
  }
}
