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

/** Packages in a chunk and everything that it imports statically. */
function packagesOf(chunk: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(chunk)) return new Set();
  seen.add(chunk);
  const output = outputs[chunk];
  const own = Object.keys(output?.inputs ?? {}).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  const imported = (output?.imports ?? []).filter(
    (one) => one.kind === "import-statement" && one.external !== true,
  );
  return new Set([...own, ...imported.flatMap((one) => [...packagesOf(one.path, seen)])]);
}

function chunkOf(source: string): string {
  const found = Object.entries(outputs).find(([, output]) => output.entryPoint === source);
  if (found === undefined) throw new Error(`no chunk for ${source}`);
  return found[0];
}

describe("start-up", () => {
  it("of --help loads the parser of the command line and nothing heavy", () => {
    const packages = packagesOf(chunkOf("src/cli/main.ts"));
    expect([...packages]).toContain("commander");
    expect(HEAVY.filter((name) => packages.has(name))).toEqual([]);
  });

  it.each(["ps", "status", "overview", "events", "show", "approve", "complete"])(
    "of %s loads nothing heavy",
    (verb) => {
      const packages = packagesOf(chunkOf(`src/cli/verbs/${verb}.ts`));
      expect(HEAVY.filter((name) => packages.has(name))).toEqual([]);
    },
  );
});
