/** Whether agents can be confined as a plan asks for, tried for real before anything starts. */
import { unavailable } from "../../adapters/sandbox/confine.ts";
import { probeBubblewrap } from "../../adapters/sandbox/probe.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { CliIo } from "../io.ts";
import { isConfined } from "./header.ts";

/** Throws `sandbox-unavailable` (kind `environment`) where the plan asks for what this machine does not do. `root`: the checkout. */
export async function requireSandbox({ env }: CliIo, root: string, plan: Plan): Promise<void> {
  if (!isConfined(plan)) return;
  const probed = await probeBubblewrap(env, [root]);
  if (!probed.ok) throw unavailable(probed);
}
