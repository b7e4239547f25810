/** Agents of a workflow that are to be confined: they are, or nothing is started (P7). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startEndpoint } from "../../src/adapters/endpoint/server.ts";
import { openWorld, type World } from "../support/e2e-world.ts";
import { realClaudeMissing } from "../support/real-claude.ts";
import { bubblewrapMissing, FALSE_SANDBOXES, falseSandbox, writeProgram } from "../support/sandbox.ts";
import { scriptedModel } from "../support/scripted-model.ts";

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

/** What an agent does in its shell: it works, reaches for the checkout and for the coordinator, and tells what it could. */
function deedsIn(world: World): string {
  return `echo made > made.md; git add made.md && git diff --cached --name-only > staged.md
( echo out > ${world.root}/README.md ) 2>/dev/null && echo wrote >> reached.md
( git config core.hooksPath /dev/shm ) 2>/dev/null && echo set >> reached.md
ls ${world.env.XDG_RUNTIME_DIR}/signalbox 2>/dev/null >> reached.md
true`;
}

/** A program of the user's, and the real agent, as the agent. */
async function aWorld(): Promise<{ readonly world: World; readonly definition: string }> {
  const calls: { readonly tool: string; readonly input: Readonly<Record<string, unknown>> }[] = [];
  const endpoint = await startEndpoint({
    scenario: {
      deliverables: {
        get login() {
          return { calls };
        },
      },
    },
  });
  onTestFinished(() => endpoint.close());
  const world = await openWorld({ env: scriptedModel(endpoint.url) });
  calls.push({ tool: "Bash", input: { command: deedsIn(world) } });
  const agent = writeProgram(join(world.folder, "agent.sh"), deedsIn(world));
  world.write("signalbox.yaml", `commands:\n  mine: [${agent}]\nuse: command:mine\n`);
  await world.git("add", "-A");
  await world.git("commit", "-qm", "configure");
  return { world, definition: await world.define("fix", FIX) };
}

const missing = await bubblewrapMissing();

describe("a workflow whose agents are to be confined", () => {
  const agents = realClaudeMissing() === null ? ["command:mine", "claude-cli"] : ["command:mine"];
  it.skipIf(missing !== null).each(agents)(
    "keeps them in their worktree and merges what they made there: %s",
    async (use) => {
      const { world, definition } = await aWorld();
      await world.ok("run", definition, "--use", use, "--id", ID, "--yes", "--detach");
      const state = await world.until(
        ID,
        "it ends or asks",
        (now) => now.status === "COMPLETE" || now.questions.length > 0,
      );
      expect(state.questions).toEqual([]);
      const branch = `signalbox/${ID}/main`;
      expect(await world.git("show", `${branch}:staged.md`)).toContain("made.md");
      await expect(world.git("show", `${branch}:reached.md`)).resolves.toBe("");
      expect(readFileSync(join(world.root, "README.md"), "utf8")).toBe("# Shop\n");
      expect((await world.run("doctor")).stdout).toMatch(/sandbox.*was tried and confines here/);
    },
  );

  it.skipIf(missing !== null)("asks a person where it no longer is, and starts nobody", async () => {
    const { world, definition } = await aWorld();
    const count = join(world.folder, "count");
    // The first two calls are those of `run`: the probe, and its version.
    const fading = falseSandbox(
      join(world.folder, "bin"),
      `n=$(cat ${count} 2>/dev/null || echo 0); echo $((n + 1)) > ${count}
[ "$n" -lt 2 ] && exec bwrap "$@"
${FALSE_SANDBOXES.refused}`,
    );
    const later = world.with({ SIGNALBOX_BWRAP: fading });
    await later.ok("run", definition, "--id", ID, "--yes", "--detach");
    const state = await world.until(ID, "it asks", (now) => now.questions.length > 0);
    expect(state.questions).toMatchObject([
      {
        kind: "failure",
        subject: "login",
        reason: expect.stringMatching(/no agent is started: .*No permissions/),
      },
    ]);
    expect(await world.git("log", "--format=%s", "--all", "--", "made.md")).toBe("");
  });

  it("is not started where nothing confines them, and says what to do", async () => {
    const { world, definition } = await aWorld();
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
