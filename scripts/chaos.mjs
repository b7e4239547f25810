// Kills and damages real runs at every place of their journal and compares the ends: `npm run chaos -- --each 20`. See test/chaos/main.ts.
import { rmSync } from "node:fs";
import { BUNDLE } from "./bundle.mjs";
import { install, run } from "./setup.mjs";

install();
// Only now: as the first command after a clone there is no package before.
const { build } = await import("esbuild");
const outdir = `node_modules/.cache/signalbox-chaos-${process.pid}`;
await build({ entryPoints: ["test/chaos/main.ts"], outdir, ...BUNDLE });
process.on("exit", () => rmSync(outdir, { recursive: true, force: true }));
run(process.execPath, [...process.execArgv, `${outdir}/main.js`, ...process.argv.slice(2)]);
