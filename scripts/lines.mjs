// Stories of merges on real repositories: `npm run lines -- --seeds 100 --from 1`.
import { rmSync } from "node:fs";
import { BUNDLE } from "./bundle.mjs";
import { install, run } from "./setup.mjs";

install();
// Only now: as the first command after a clone there is no package before.
const { build } = await import("esbuild");
const outdir = `node_modules/.cache/signalbox-lines-${process.pid}`;
await build({
  entryPoints: ["test/lines/main.ts"],
  outdir,
  ...BUNDLE,
  external: [...BUNDLE.external, "esbuild"],
});
process.on("exit", () => rmSync(outdir, { recursive: true, force: true }));
run(process.execPath, [...process.execArgv, `${outdir}/main.js`, ...process.argv.slice(2)]);
