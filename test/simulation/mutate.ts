/** Plays histories with a guard switched off: the sources are bundled with one edit. */
import { readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";
import { bundleInto } from "../support/bundle.ts";
import { edited } from "../support/edited.ts";
import type { Failure } from "./check/watch.ts";
import type { History } from "./history.ts";
import type { Mutation } from "./mutations.ts";

/** Source of a file with the edits of a mutation; throws where one does not fit exactly once. */
async function mutated(path: string, { name, edits }: Mutation): Promise<string> {
  const source = await readFile(path, "utf8");
  const here = edits.filter(({ file }) => path.endsWith(file));
  return here.reduce((text, edit) => edited(text, edit, name), source);
}

/** The first of the seeds whose history fails, and how; null when nobody notices. Builds below `folder`. */
export async function hunt(
  mutation: Mutation,
  seeds: readonly number[],
  folder: string,
): Promise<{ readonly seed: number; readonly failure: Failure } | null> {
  const outfile = resolve(folder, `${mutation.name.replace(/\W+/g, "-")}.mjs`);
  await bundleInto(outfile, { entryPoints: ["test/simulation/history.ts"], plugins: [editing(mutation)] });
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
        contents: await mutated(path, mutation),
        loader: "ts",
      }));
    },
  };
}
