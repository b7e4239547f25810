/** Agents of a workflow that are to be confined: they are, or nothing is started (P7). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openWorld, type World } from "../support/e2e-world.ts";
import { bubblewrapMissing, FALSE_SANDBOXES, falseSandbox, writeProgram } from "../support/sandbox.ts";

const ID = "fix-1";
const FIX = `workflow: Fix
slug: fix
criticality: C1
sandbox: bubblewrap
checks: ["test -s made.md"]
limits: { retries: 0 }
stages:
  - phase: Fixes
    slots:
      - { id: login, role: coder, makes: commit, brief: Fix the login }
`;

/** A user's program as the agent: it works, reaches for the checkout and for the coordinator, and tells what it could. */
async function aWorld(
  env: Readonly<Record<string, string>>,
): Promise<{ readonly world: World; readonly definition: string }> {
  const world = await openWorld({ env });
  const agent = writeProgram(
    join(world.folder, "agent.sh"),
    `echo made > made.md; git add made.md && git diff --cached --name-only > staged.md
( echo out > ${world.root}/README.md ) 2>/dev/null && echo wrote >> reached.md
( git config core.hooksPath /dev/shm ) 2>/dev/null && echo set >> reached.md
ls ${world.env.XDG_RUNTIME_DIR}/signalbox 2>/dev/null >> reached.md
true`,
  );
  world.write("signalbox.yaml", `commands:\n  mine: [${agent}]\nuse: command:mine\n`);
  await world.git("add", "-A");
  await world.git("commit", "-qm", "configure");
  return { world, definition: await world.define("fix", FIX) };
}

const missing = await bubblewrapMissing();

describe("a workflow whose agents are to be confined", () => {
  it.skipIf(missing !== null)("keeps them in their worktree and merges what they made there", async () => {
    const { world, definition } = await aWorld({});
    await world.ok("run", definition, "--id", ID, "--yes", "--detach");
    await world.until(ID, "it completes", (state) => state.status === "COMPLETE");
    const branch = `signalbox/${ID}/main`;
    expect(await world.git("show", `${branch}:staged.md`)).toContain("made.md");
    await expect(world.git("show", `${branch}:reached.md`)).resolves.toBe("");
    expect(readFileSync(join(world.root, "README.md"), "utf8")).toBe("# Shop\n");
    expect((await world.run("doctor")).stdout).toMatch(/sandbox.*was tried and confines here/);
  });

  it("is not started where nothing confines them, and says what to do", async () => {
    const { world, definition } = await aWorld({});
    const liar = world.with({
      SIGNALBOX_BWRAP: falseSandbox(join(world.folder, "bin"), FALSE_SANDBOXES.liar),
    });
    const ran = await liar.run("run", definition, "--id", ID, "--yes", "--detach");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/no agent is started: .*(does not confine|Linux only)/s);
    expect(ran.stderr).toContain("--sandbox none");
    expect(await world.state(ID)).toBeNull();
    const doctor = await liar.with({ SIGNALBOX_SANDBOX: "bubblewrap" }).run("doctor");
    expect(doctor.stdout).toMatch(/sandbox.*asked for and does not confine here/);
  });
});
