/** What a command loads before it does anything: `--help` and the looking verbs must not pay for parsers and prompts. */
import { build, type Metafile } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";

const HEAVY = ["zod", "yaml", "@clack/prompts", "picomatch", "@anthropic-ai/claude-agent-sdk"];

let outputs: Metafile["outputs"];

beforeAll(async () => {
  const result = await build({
    entryPoints: { main: "src/cli/main.ts" },
    outdir: "out",
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    external: ["@anthropic-ai/claude-agent-sdk"],
    logLevel: "silent",
  });
  outputs = result.metafile.outputs;
});

/** Chunks that are loaded with a chunk, and itself. */
function loadedWith(chunk: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(chunk)) return seen;
  seen.add(chunk);
  for (const { path, kind, external } of outputs[chunk]?.imports ?? [])
    if (kind === "import-statement" && external !== true) loadedWith(path, seen);
  return seen;
}

/** Sources of the project and names of packages in chunks. */
function contentOf(chunks: ReadonlySet<string>): ReadonlySet<string> {
  const paths = [...chunks].flatMap((chunk) => Object.keys(outputs[chunk]?.inputs ?? {}));
  return new Set(paths.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path));
}

/** Built-in modules that chunks import at once. */
function builtInsOf(chunks: ReadonlySet<string>): ReadonlySet<string> {
  const imports = [...chunks].flatMap((chunk) => outputs[chunk]?.imports ?? []);
  return new Set(imports.filter((one) => one.kind === "import-statement").map((one) => one.path));
}

function chunkOf(source: string): string {
  const found = Object.entries(outputs).find(([, output]) => output.entryPoint === source);
  if (found === undefined) throw new Error(`no chunk for ${source}`);
  return found[0];
}

describe("start-up", () => {
  it("of --help loads the parser of the command line and nothing heavy", () => {
    const content = contentOf(loadedWith(chunkOf("src/cli/main.ts")));
    expect([...content]).toContain("commander");
    expect(HEAVY.filter((name) => content.has(name))).toEqual([]);
  });

  it("of a verb that looks or answers loads nothing heavy, no git and no engine", () => {
    const light = loadedWith(chunkOf("src/cli/verbs/light.ts"));
    const content = contentOf(light);
    expect([...content]).toContain("src/cli/verbs/status.ts");
    expect(HEAVY.filter((name) => content.has(name))).toEqual([]);
    const unwanted =
      /^src\/(engine|config|documents|adapters\/(git\/git\.ts|process\/spawn\.ts|host\/client))/;
    expect([...content].filter((path) => unwanted.test(path))).toEqual([]);
    for (const name of ["node:child_process", "node:crypto", "node:net"])
      expect([...builtInsOf(light)]).not.toContain(name);
  });

  it("of a verb that looks or answers takes few files, because each costs as much as a module of 30 KB", () => {
    const files = new Set([
      ...loadedWith(chunkOf("src/cli/main.ts")),
      ...loadedWith(chunkOf("src/cli/verbs/light.ts")),
    ]);
    expect(files.size).toBeLessThan(30);
    const verbs = Object.values(outputs).flatMap(({ entryPoint = "" }) =>
      entryPoint.startsWith("src/cli/verbs/") ? [entryPoint] : [],
    );
    expect(verbs.toSorted()).toEqual([
      "src/cli/verbs/comparing.ts",
      "src/cli/verbs/heavy.ts",
      "src/cli/verbs/light.ts",
    ]);
  });
});
