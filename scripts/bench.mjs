// `npm run bench [-- --json] [-- start-up journal replay worktree rehearsal]`: builds the product and bench/ away from dist/, then measures.
import { BUNDLE } from "./bundle.mjs";
import { install, run } from "./setup.mjs";

install();
// Only now: as the first command after a clone there is no package before.
const { build } = await import("esbuild");

const OUTDIR = "node_modules/.cache/signalbox-bench";
run(process.execPath, ["scripts/build.mjs", "--outdir", OUTDIR]);
await build({
  entryPoints: ["bench/main.ts"],
  outdir: `${OUTDIR}/bench`,
  ...BUNDLE,
});
run(process.execPath, [
  ...process.execArgv,
  `${OUTDIR}/bench/main.js`,
  `${OUTDIR}/cli/main.js`,
  ...process.argv.slice(2),
]);
