// Bundles every entry point: one file each, shared chunks split, so that a command starts as fast as Node can.
// `--outdir <folder>` writes somewhere else than dist/; the folder is emptied first.
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { build } from "esbuild";

/** Commander starts programs only for verbs in files of their own, of which there are none: loading the module is a tenth of `--help`. */
const commanderStartsNothing = {
  name: "commander-starts-nothing",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer, path }) =>
      importer.includes("/commander/") ? { path, namespace: "nothing" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "nothing" }, () => ({ contents: "export {};" }));
  },
};

const { outdir } = parseArgs({ options: { outdir: { type: "string", default: "dist" } } }).values;

rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: {
    "cli/main": "src/cli/main.ts",
    "host/main": "src/adapters/host/main.ts",
    "host/watchdog": "src/adapters/host/watchdog-main.ts",
    "hooks/write-boundary": "src/adapters/agents/write-boundary-hook.ts",
    "hooks/session-tools": "src/adapters/agents/session-mcp-bridge.ts",
    "endpoint/main": "src/adapters/endpoint/main.ts",
  },
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  external: ["@anthropic-ai/claude-agent-sdk"],
  plugins: [commanderStartsNothing],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  sourcemap: false,
  legalComments: "none",
  logLevel: "warning",
});
