/** A user's world that lives as long as the test. */
import { onTestFinished, vi } from "vitest";
import { builtProduct } from "./e2e-build.ts";
import { createWorld, type World, type WorldOptions } from "./user-world.ts";

export { type Ran, runGit, type World } from "./user-world.ts";

// A machine that is busy with other things makes these tests slow, never wrong.
vi.setConfig({ testTimeout: 300_000 });

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { world, close } = await createWorld(await builtProduct(), options);
  onTestFinished(close);
  return world;
}
