// Both documented workflows with everything that can happen to them, on real Claude Code through both adapters (several minutes).
// `npm run acceptance -- --agents simulated,claude --stories en108-vbump --seeds one,two` runs a part of it.
import { rmSync } from "node:fs";
import { install, run } from "./setup.mjs";

install();
// Only now: as the first command after a clone there is no package before.
const { build } = await import("esbuild");
const outfile = `node_modules/.cache/signalbox-acceptance-${process.pid}.mjs`;
await build({
  entryPoints: ["test/acceptance/matrix.ts"],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  packages: "external",
  define: { "import.meta.dirname": JSON.stringify(`${process.cwd()}/test/acceptance`) },
  logLevel: "warning",
});
process.on("exit", () => rmSync(outfile, { force: true }));
run(process.execPath, [...process.execArgv, outfile, ...process.argv.slice(2)]);
