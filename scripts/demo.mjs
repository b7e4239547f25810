// `npm run demo` as the first command after a clone: installs, builds, then `signalbox demo` with the same arguments.
import { build, install, run } from "./setup.mjs";

install();
build();
run(process.execPath, ["dist/cli/main.js", "demo", ...process.argv.slice(2)]);
