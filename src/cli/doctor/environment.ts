/** Node, git's user, agents and their login, the registry of repositories. */
import { programMissing } from "../../adapters/agents/acp/available.ts";
import { ADAPTER_NAMES, loadAdapter } from "../../adapters/host/adapters.ts";
import { openRegistry } from "../../adapters/registry/repositories.ts";
import type { Settings } from "../../config/settings/settings.ts";
import type { AgentAdapter } from "../../ports/session-host.ts";
import type { CliIo } from "../io.ts";
import { countText } from "../output/units.ts";
import { claudeLogin } from "../planning/payer.ts";
import type { Project } from "../project.ts";
import { FIX_HINT, type Finding } from "./finding.ts";

export function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return {
    level: ok ? "ok" : "bad",
    subject: "node",
    text: process.versions.node,
    ...(ok ? {} : { fix: "Node 20.19 or later is needed" }),
  };
}

/** Without a user git would refuse a commit; ours are then made by Signalbox. */
export async function userFindings({ env }: CliIo, { commonDir }: Project): Promise<readonly Finding[]> {
  const [{ knowsUser }, { gitEnvironment }] = await Promise.all([
    import("../../adapters/git/identity.ts"),
    import("../../adapters/git/git.ts"),
  ]);
  if (await knowsUser(commonDir, gitEnvironment(env))) return [];
  return [
    {
      level: "warn",
      subject: "user",
      text: "git knows neither your name nor your address",
      why: "commits are made as Signalbox <signalbox@localhost>",
      fix: "Say who you are: git config --global user.name NAME && git config --global user.email ADDRESS",
    },
  ];
}

/** Adapters that are one agent each. */
const SINGLE = ADAPTER_NAMES.filter((name) => !["acp", "command", "simulated"].includes(name));

/** `configured` are the agents over ACP that the configuration declares. */
export async function agentFindings(
  { env }: CliIo,
  configured: Settings["agents"] = {},
): Promise<readonly Finding[]> {
  const found = (name: string, missing: Awaited<ReturnType<AgentAdapter["available"]>>): Finding =>
    missing === null
      ? { level: "ok", subject: name, text: "can run here" }
      : { level: "warn", subject: name, text: missing.reason, fix: missing.hint };
  const findings: Finding[] = [];
  for (const name of SINGLE) findings.push(found(name, await (await loadAdapter(name)).available()));
  const canRun = findings.some(({ level }) => level === "ok");
  const others = Object.entries(configured).map(([name, agent]) =>
    found(`acp:${name}`, programMissing(name, agent, env)),
  );
  return [...findings, ...(canRun ? [loginFinding(env)] : []), ...others];
}

/** An agent that can run may still wait for a login with its first word. */
function loginFinding(env: CliIo["env"]): Finding {
  const { found, text } = claudeLogin(env);
  if (found !== false) return { level: "ok", subject: "login", text };
  return {
    level: "warn",
    subject: "login",
    text: "none was found for Claude Code, so its agents will wait for one",
    fix: "Log in: claude /login; or give a key: export ANTHROPIC_API_KEY=...",
  };
}

/** Repositories that `inbox` and `ps --all-repositories` would look for in vain. */
export async function registryFindings({ env }: CliIo): Promise<readonly Finding[]> {
  const registry = openRegistry(env);
  const vanished = (await registry?.look())?.vanished ?? [];
  if (registry === null || vanished.length === 0) return [];
  const what = `take ${countText(vanished.length, "repository", "repositories")} out of the list, whose folder is gone`;
  return [
    {
      level: "warn",
      subject: "registry",
      text: `${countText(vanished.length, "listed repository", "listed repositories")} cannot be found`,
      why: "inbox and ps --all-repositories look there in vain",
      evidence: vanished.map(({ root }) => root),
      fix: FIX_HINT,
      repair: {
        kind: "registry",
        what,
        run: async () => {
          await registry.load();
          return [];
        },
      },
    },
  ];
}
