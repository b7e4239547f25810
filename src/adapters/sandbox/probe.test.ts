/** A sandbox that is not one must be found out before an agent is started in it. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { makePlace, specOf, startSession } from "../../../test/support/agent-sessions.ts";
import { CONFINED, FALSE_SANDBOXES, falseSandbox, writeProgram } from "../../../test/support/sandbox.ts";
import type { AgentAdapter, SessionSpec } from "../../ports/session-host.ts";
import { createAdapter as createSdk } from "../agents/claude.ts";
import { createAdapter as createCli } from "../agents/claude-cli.ts";
import { createAdapter as createCommand } from "../agents/command.ts";
import { probeBubblewrap } from "./probe.ts";

function aPlace() {
  const place = makePlace();
  onTestFinished(place.remove);
  return place;
}

const onLinux = process.platform === "linux";

describe.skipIf(!onLinux)("the probe", () => {
  it.each([
    ["liar", /lets a program write outside: it does not confine/],
    ["refused", /cannot be used: bwrap: No permissions to create new namespace/],
    ["idle", /cannot be used: exit code 0/],
    ["together", /does not separate processes/],
  ] as const)("finds out a bwrap that does not confine: %s", async (kind, reason) => {
    const { root } = aPlace();
    const program = falseSandbox(root, FALSE_SANDBOXES[kind]);
    const probed = await probeBubblewrap({ ...process.env, SIGNALBOX_BWRAP: program });
    expect(probed).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
    expect(probed.ok || probed.hint).toContain(`${program} --ro-bind / /`);
  });

  it("says how to get one where there is none", async () => {
    const { root } = aPlace();
    expect(await probeBubblewrap({ PATH: root })).toEqual({
      ok: false,
      reason: "bwrap was not found",
      hint: expect.stringContaining("apt-get install bubblewrap"),
    });
    const named = await probeBubblewrap({ ...process.env, SIGNALBOX_BWRAP: path.join(root, "none") });
    expect(named).toMatchObject({ ok: false, reason: expect.stringContaining("which is no program") });
  });

  it("takes no bwrap that a repository or its packages bring", async () => {
    const { root, cwd } = aPlace();
    const [own, packaged] = [path.join(cwd, "bin"), path.join(root, "node_modules/.bin")];
    const marker = path.join(root, "ran");
    for (const folder of [own, packaged]) falseSandbox(folder, `touch ${marker}`);
    const probed = await probeBubblewrap({ PATH: `${own}:${packaged}` }, [cwd]);
    expect(probed).toMatchObject({ ok: false, reason: "bwrap was not found" });
    expect(existsSync(marker)).toBe(false);
  });

  it("leaves nothing behind", async () => {
    const { root } = aPlace();
    vi.stubEnv("TMPDIR", root);
    onTestFinished(() => void vi.unstubAllEnvs());
    const program = falseSandbox(path.join(root, "bin"), FALSE_SANDBOXES.liar);
    await probeBubblewrap({ ...process.env, SIGNALBOX_BWRAP: program });
    expect(readdirSync(root).toSorted()).toEqual(["bin", "worktree"]);
  });
});

describe.each<[string, () => AgentAdapter, (agent: string) => Partial<SessionSpec>]>([
  ["command", createCommand, (agent) => ({ command: [agent] })],
  ["claude-cli", () => createCli({ hookProgram: process.execPath }), () => ({})],
  ["claude", createSdk, () => ({})],
])("a session of %s that is to be confined", (_, create, over) => {
  it.each([...Object.keys(FALSE_SANDBOXES), "missing"])(
    "is not started without a sandbox that confines (%s), and says so",
    async (kind) => {
      const { root, cwd } = aPlace();
      const marker = path.join(root, "started");
      const agent = writeProgram(path.join(root, "agent"), `touch ${marker}`);
      const script = FALSE_SANDBOXES[kind as keyof typeof FALSE_SANDBOXES];
      const program = script === undefined ? path.join(root, "none") : falseSandbox(root, script);
      vi.stubEnv("SIGNALBOX_BWRAP", program);
      onTestFinished(() => void vi.unstubAllEnvs());
      mkdirSync(path.join(root, "home"));
      const env = {
        PATH: process.env.PATH ?? "",
        HOME: path.join(root, "home"),
        SIGNALBOX_CLAUDE_BIN: agent,
      };
      const session = startSession(create(), specOf(cwd, { env, ...CONFINED, ...over(agent) }));
      expect(await session.outcome).toMatchObject({
        kind: "crashed",
        retry: "never",
        message: expect.stringMatching(
          /sandbox: bubblewrap\) cannot be had here, so no agent is started: .*--sandbox none/,
        ),
      });
      expect([existsSync(marker), session.pids]).toEqual([false, []]);
    },
  );
});
