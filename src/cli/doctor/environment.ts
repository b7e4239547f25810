/** Node, git's user, agents and their login, the registry of repositories. */
import { ADAPTER_NAMES, loadAdapter } from "../../adapters/host/adapters.ts";
import { openRegistry } from "../../adapters/registry/repositories.ts";
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

export async function agentFindings({ env }: CliIo): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const name of ADAPTER_NAMES.filter((adapter) => adapter !== "command" && adapter !== "simulated")) {
    const missing = await (await loadAdapter(name)).available();
    findings.push(
      missing === null
        ? { level: "ok", subject: name, text: "can run here" }
        : { level: "warn", subject: name, text: missing.reason, fix: missing.hint },
    );
  }
  const canRun = findings.some(({ level }) => level === "ok");
  return canRun ? [...findings, loginFinding(env)] : findings;
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
