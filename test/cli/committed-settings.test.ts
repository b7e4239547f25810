/** What the coordinator takes from configuration: what is committed, in all its layers, when it is needed. */
import { describe, expect, it } from "vitest";
import { settingsAt } from "../../src/cli/planning/settings.ts";
import { compose } from "../../src/compose.ts";
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import { aWorld, type World } from "./harness.ts";

async function dependenciesOf(world: World): Promise<EngineDependencies> {
  const io = { cwd: world.root, env: world.env };
  const { dependencies } = await compose({
    ...io,
    version: "test",
    settingsAt: async (repository, commit) => (await settingsAt(repository, commit, io, {})).settings,
    narrate: () => {},
  });
  return dependencies;
}

async function commit(world: World, config: string): Promise<string> {
  await world.write("signalbox.yaml", config);
  await world.git("add", "-A");
  await world.git("commit", "-q", "-m", "configure");
  return (await world.git("rev-parse", "HEAD")).trim();
}

describe("the coordinator", () => {
  it("runs although the checkout's configuration is being edited and has errors", async () => {
    const world = await aWorld();
    await world.write("signalbox.yaml", "nonsense: 1\n");
    await expect(dependenciesOf(world)).resolves.toBeDefined();
  });

  it("runs with roles whose charters are files", async () => {
    const world = await aWorld();
    await world.write("charters/mine.md", "Writes well.\n");
    await commit(world, "roles:\n  mine:\n    charter: charters/mine.md\n    tools: [read]\n");
    await expect(dependenciesOf(world)).resolves.toBeDefined();
  });

  it("starts the program that the base of a workflow names, whatever was committed before or is edited now", async () => {
    const world = await aWorld();
    const dependencies = await dependenciesOf(world);
    const base = await commit(world, "commands: { mine: [later, --fast] }\n");
    await world.write("signalbox.yaml", "commands: { mine: [evil] }\n");
    expect(await dependencies.commandOf("command:mine", base)).toEqual(["later", "--fast"]);
    expect(await dependencies.commandOf("simulated", base)).toBeUndefined();
  });

  it("knows programs of the user's own configuration", async () => {
    const world = await aWorld();
    await world.write("../.config/signalbox/config.yaml", "commands: { own: [my-agent] }\n");
    const dependencies = await dependenciesOf(world);
    const base = (await world.git("rev-parse", "HEAD")).trim();
    expect(await dependencies.commandOf("command:own", base)).toEqual(["my-agent"]);
  });

  it("starts the agent over ACP that the base declares, with the environment that it asks for", async () => {
    const world = await aWorld();
    const dependencies = await dependenciesOf(world);
    const agents = "agents: { mine: { command: [agent, --acp], env: { pass: [MINE_KEY] }, auth: key } }\n";
    const base = await commit(world, agents);
    await world.write("signalbox.yaml", "agents: { mine: { command: [evil] } }\n");
    expect(await dependencies.agentOf("acp:mine", base)).toEqual({
      program: { command: ["agent", "--acp"], auth: "key" },
      env: { pass: ["MINE_KEY"], set: {} },
    });
    expect(await dependencies.agentOf("command:mine", base)).toBeUndefined();
  });
});
