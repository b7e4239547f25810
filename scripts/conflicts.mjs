// Predicted merges against real ones: `npm run conflicts -- --pairs 5000 --seed 1`.
import { rmSync } from "node:fs";
import { BUNDLE } from "./bundle.mjs";
import { install, run } from "./setup.mjs";

install();
// Only now: as the first command after a clone there is no package before.
const { build } = await import("esbuild");
const outdir = `node_modules/.cache/signalbox-conflicts-${process.pid}`;
await build({
  entryPoints: ["test/conflicts/main.ts"],
  outdir,
  ...BUNDLE,
  external: [...BUNDLE.external, "esbuild"],
});
process.on("exit", () => rmSync(outdir, { recursive: true, force: true }));
run(process.execPath, [...process.execArgv, `${outdir}/main.js`, ...process.argv.slice(2)]);
