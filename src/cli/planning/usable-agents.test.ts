import { expect, it } from "vitest";
import { MULTI } from "../../../test/builders/worlds.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { AgentAdapter } from "../../ports/session-host.ts";
import { loaderFor, withUsableAgents } from "./usable-agents.ts";

function only(...names: readonly string[]): (name: string) => Promise<AgentAdapter> {
  const capabilities = {
    resume: true,
    fork: true,
    budget: true,
    cost: true,
    structured: true,
    permissionCallback: true,
    choosesSessionId: true,
  };
  return async (name) => ({
    name,
    capabilities,
    available: async () =>
      names.includes(name) ? null : { reason: `${name} is not installed`, hint: `Install ${name}` },
    run: () => Promise.reject(new Error("not asked for")),
  });
}

const CLAUDE: Plan = {
  ...MULTI,
  deliverables: MULTI.deliverables.map((d) => ({ ...d, settings: { ...d.settings, use: "claude" } })),
};

it("leaves a plan alone whose agents are all there", async () => {
  expect(await withUsableAgents(CLAUDE, only("claude"))).toEqual({ plan: CLAUDE, replaced: [] });
});

it("starts the installed command where the SDK is missing", async () => {
  const { plan, replaced } = await withUsableAgents(CLAUDE, only("claude-cli"));
  expect(replaced).toEqual([["claude", "claude-cli"]]);
  expect(plan.deliverables.every((d) => d.settings.use === "claude-cli")).toBe(true);
});

it("refuses before anything starts when neither is there, and says how to get one", async () => {
  await expect(withUsableAgents(CLAUDE, only())).rejects.toMatchObject({
    code: "agent-missing",
    hints: ["Install claude", expect.stringContaining("--use simulated")],
  });
});

it("refuses an agent over ACP whose program is not installed, and knows one that is", async () => {
  const env = { pass: [], set: {} };
  const configured = async () => ({
    there: { command: [process.execPath], env },
    gone: { command: ["no-such-agent", "--acp"], env },
  });
  const using = (use: string): Plan => ({
    ...MULTI,
    deliverables: MULTI.deliverables.map((d) => ({ ...d, settings: { ...d.settings, use } })),
  });
  const load = loaderFor(configured, { PATH: "/usr/bin" });
  expect((await withUsableAgents(using("acp:there"), load)).replaced).toEqual([]);
  await expect(withUsableAgents(using("acp:gone"), load)).rejects.toMatchObject({
    message: "The agent acp:gone cannot run here: its program no-such-agent was not found",
    hints: [expect.stringContaining("agents.gone.command"), expect.anything()],
  });
});
