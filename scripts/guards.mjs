// Switches off one guard after the other and runs the test that must notice: `npm run guards [-- --only NAME] [--write]`. See test/guards/main.ts.
import { rmSync } from "node:fs";
import { BUNDLE } from "./bundle.mjs";
import { install, run } from "./setup.mjs";

install();
// Only now: as the first command after a clone there is no package before.
const { build } = await import("esbuild");
const outdir = `node_modules/.cache/signalbox-guards-${process.pid}`;
await build({ entryPoints: ["test/guards/main.ts"], outdir, ...BUNDLE });
process.on("exit", () => rmSync(outdir, { recursive: true, force: true }));
run(process.execPath, [...process.execArgv, `${outdir}/main.js`, ...process.argv.slice(2)]);
