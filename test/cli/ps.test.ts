/** `signalbox ps`: workflows here and everywhere, and what their worktrees take up. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRepository } from "../../src/adapters/git/index.ts";
import { THREE } from "../builders/worlds.ts";
import { aWorld, type Ran, told, type World } from "./harness.ts";

const ID = THREE.workflow.id;

async function withWorkflow(): Promise<World> {
  const world = await aWorld();
  const engine = await world.coordinate();
  await engine.create(THREE, "ada");
  return world;
}

interface Listed {
  readonly workflows: readonly {
    readonly id: string;
    readonly root?: string;
    readonly worktrees?: { readonly count: number; readonly bytes: number; readonly bytesAreFloor: boolean };
  }[];
}

function workflowsOf({ stdout }: Ran): Listed["workflows"] {
  return (JSON.parse(stdout) as Listed).workflows;
}

describe("ps", () => {
  it("says how many worktrees a workflow has and what they take up, unless told not to", async () => {
    const world = await withWorkflow();
    const repository = await openRepository(world.root, { env: world.env });
    const base = (await world.git("rev-parse", "HEAD")).trim();
    const paths = await Promise.all(
      ["login", "export"].map((slot) =>
        repository.addWorktree({ workflow: ID, branch: `signalbox/${ID}/${slot}.1.1`, base }),
      ),
    );
    await writeFile(join(paths[0]?.path ?? "", "large"), Buffer.alloc(3_000_000, 1));
    const [listed] = workflowsOf(await world.run("ps", "--json"));
    expect(listed?.worktrees).toMatchObject({ count: 2, bytesAreFloor: false });
    expect(listed?.worktrees?.bytes).toBeGreaterThan(3_000_000);
    expect((await world.run("ps")).stdout).toMatch(/\t2, 3\.0 MB\n$/);
    expect(told(await world.run("ps", "--no-size"))).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      three-fixes-20260220-001	running	0/3	0		$0.00	29m00s ago"
    `);
    expect(workflowsOf(await world.run("ps", "--no-size", "--json"))[0]?.worktrees).toBe(undefined);
  });

  it("lists the workflows of all registered repositories, also from outside of one", async () => {
    const [here, there] = [await withWorkflow(), await withWorkflow()];
    await here.runWith({ cwd: there.root }, "init");
    const everywhere = workflowsOf(await here.run("ps", "--all-repositories", "--json"));
    expect(everywhere.map(({ id }) => id)).toEqual([ID, ID]);
    expect(everywhere[1]?.root).toBe(there.root);
    const outside = await here.runWith(
      { cwd: join(here.root, "..") },
      "ps",
      "--all-repositories",
      "--no-size",
    );
    expect(told(outside)).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      shop	three-fixes-20260220-001	running	0/3	0		$0.00	29m00s ago"
    `);
    expect(workflowsOf(await here.run("ps", "--json"))).toHaveLength(1);
  });
});
