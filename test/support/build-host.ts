import { join } from "node:path";
import { build } from "esbuild";

export interface BuiltHost {
  readonly hostScript: string;
  readonly watchdogScript: string;
}

const BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** Bundles the session host and its watchdog as the product's build does, into `folder`. */
export async function buildHost(folder: string): Promise<BuiltHost> {
  await build({
    entryPoints: {
      "host/main": "src/adapters/host/main.ts",
      "host/watchdog": "src/adapters/host/watchdog-main.ts",
    },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    external: ["@anthropic-ai/claude-agent-sdk"],
    banner: { js: BANNER },
    logLevel: "error",
  });
  return { hostScript: join(folder, "host/main.mjs"), watchdogScript: join(folder, "host/watchdog.mjs") };
}
