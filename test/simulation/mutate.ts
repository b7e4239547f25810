/** Plays histories with a guard switched off: the sources are bundled with one edit. */
import { readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import type { Failure, History } from "./history.ts";
import type { Mutation } from "./mutations.ts";

const BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** Source of a file with the edits of a mutation; throws where one does not fit exactly once. */
async function edited(path: string, { name, edits }: Mutation): Promise<string> {
  let source = await readFile(path, "utf8");
  for (const { file, from, to } of edits) {
    if (!path.endsWith(file)) continue;
    if (source.split(from).length !== 2) throw new Error(`${name}: ${file} does not hold once: ${from}`);
    source = source.replace(from, () => to);
  }
  return source;
}

/** The first of the seeds whose history fails, and how; null when nobody notices. Builds below `folder`. */
export async function hunt(
  mutation: Mutation,
  seeds: readonly number[],
  folder: string,
): Promise<{ readonly seed: number; readonly failure: Failure } | null> {
  const outfile = resolve(folder, `${mutation.name.replace(/\W+/g, "-")}.mjs`);
  await build({
    entryPoints: ["test/simulation/history.ts"],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    banner: { js: BANNER },
    logLevel: "error",
    plugins: [editing(mutation)],
  });
  try {
    const { playHistory } = (await import(pathToFileURL(outfile).href)) as {
      readonly playHistory: (seed: number) => Promise<History>;
    };
    for (const seed of seeds) {
      const { failure } = await playHistory(seed);
      if (failure !== null) return { seed, failure };
    }
    return null;
  } finally {
    await rm(outfile, { force: true });
  }
}

function editing(mutation: Mutation): Plugin {
  return {
    name: "mutation",
    setup: ({ onLoad }) => {
      onLoad({ filter: /\/(src|test)\/.*\.ts$/ }, async ({ path }) => ({
        contents: await edited(path, mutation),
        loader: "ts",
      }));
    },
  };
}
