// Bundles every entry point, with what verbs load only when they run in files of its own, so that a command starts as fast as Node can.
// `--outdir <folder>` writes somewhere else than dist/; the folder is emptied first.
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { BUNDLE } from "./bundle.mjs";

/** Programs that we start ourselves. Apart from the command, because what both use would be files of their own, and each costs a start. */
const PROGRAMS = {
  "host/main": "src/adapters/host/main.ts",
  "host/watchdog": "src/adapters/host/watchdog-main.ts",
  "hooks/write-boundary": "src/adapters/agents/write-boundary-hook.ts",
  "hooks/session-tools": "src/adapters/agents/session-mcp-bridge.ts",
  "endpoint/main": "src/adapters/endpoint/main.ts",
};

/** Commander starts programs only for verbs in files of their own, of which there are none; loading these is a fifth of `--help`. */
const INSTEAD_IN_COMMANDER = {
  "node:child_process": "module.exports = {};",
  "node:process": "module.exports = process;",
};

const commanderStartsNothing = {
  name: "commander-starts-nothing",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(child_process|process)$/ }, ({ importer, path }) =>
      importer.includes("/node_modules/commander/") ? { path, namespace: "instead" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "instead" }, ({ path }) => ({ contents: INSTEAD_IN_COMMANDER[path] }));
  },
};

function bundle(entryPoints, outdir) {
  return build({
    entryPoints,
    outdir,
    ...BUNDLE,
    plugins: [commanderStartsNothing],
    sourcemap: false,
    legalComments: "none",
  });
}

const { outdir } = parseArgs({ options: { outdir: { type: "string", default: "dist" } } }).values;

rmSync(outdir, { recursive: true, force: true });
await Promise.all([bundle({ "cli/main": "src/cli/main.ts" }, outdir), bundle(PROGRAMS, outdir)]);
