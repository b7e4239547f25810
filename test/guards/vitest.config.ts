/** The project's tests with one guard switched off while its file is loaded; nothing on disk changes. */
import { mergeConfig, type Plugin } from "vitest/config";
import project from "../../vitest.config.ts";
import { SWITCHED_OFF, withoutGuard } from "./guard.ts";
import { GUARDS } from "./guards.ts";

const name = process.env[SWITCHED_OFF];
const guard = GUARDS.find((one) => one.name === name);
if (guard === undefined && name !== undefined) throw new Error(`no guard is called ${name}`);

const switchOff: Plugin = {
  name: "signalbox-guard-off",
  enforce: "pre",
  transform: (source, id) =>
    guard !== undefined && id.split("?", 1)[0]?.endsWith(`/${guard.file}`)
      ? withoutGuard(source, guard)
      : undefined,
};

// The first test that fails is enough, and a second try of it would only cost time. A test that is slow has noticed nothing.
export default mergeConfig(project, {
  plugins: [switchOff],
  test: { retry: 0, testTimeout: 180_000, bail: guard === undefined ? 0 : 1 },
});
