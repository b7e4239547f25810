/** Run settings for tests of this layer: only `provision` and `env` matter here. */
import type { Provision, RunSettings } from "../../core/definition.ts";

export function testSettings(
  provision: Partial<Provision> = {},
  env: Partial<RunSettings["env"]> = {},
): RunSettings {
  return {
    use: "simulated",
    limits: { parallel: 1, timeoutMs: 1000, idleMs: 1000, turns: 1, retries: 0, usd: null, sessions: null },
    inherit: [],
    env: { pass: [], set: {}, ...env },
    writes: [],
    protect: [],
    checks: [],
    judge: { samples: 1, maxSamples: 1 },
    critic: { mode: "combined" },
    provision: { copy: [], link: [], run: [], timeoutMs: 20_000, ...provision },
    constitution: [],
  };
}
