/** TypeScript of the repository as one file that plain Node runs. */
import { type BuildOptions, build } from "esbuild";

const BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** Bundles `what` into `outfile`, packages included. */
export async function bundleInto(
  outfile: string,
  what: Pick<BuildOptions, "entryPoints" | "stdin" | "plugins">,
): Promise<void> {
  await build({
    ...what,
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    banner: { js: BANNER },
    logLevel: "error",
  });
}
