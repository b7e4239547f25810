/** Who pays for the agents of a plan, as far as it can be known without asking anybody. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Plan } from "../../core/plan/plan.ts";
import type { CliIo } from "../io.ts";

export interface Payer {
  /** Shown to the person. */
  readonly text: string;
  /** False for rehearsals and programs of one's own. */
  readonly costs: boolean;
  /** More than one source of payment is there. */
  readonly ambiguous: boolean;
}

/** Adapters that the plan uses: creators, critics and judges. */
export function adaptersOf(plan: Plan): readonly string[] {
  const used = plan.deliverables.flatMap(({ settings, gate }) => {
    const reviewers = gate.judged
      ? [settings.critic.use ?? settings.use, settings.judge.use ?? settings.use]
      : [];
    return [settings.use, ...reviewers];
  });
  return [...new Set(used)];
}

export function payerOf(plan: Plan, env: CliIo["env"]): Payer {
  const adapters = adaptersOf(plan);
  const claude = adapters.some((adapter) => adapter === "claude" || adapter === "claude-cli");
  if (!claude)
    return {
      text: adapters.every((adapter) => adapter === "simulated")
        ? "nobody: a rehearsal with simulated agents"
        : `whoever pays for ${adapters.join(", ")}`,
      costs: false,
      ambiguous: false,
    };
  return claudePayer(env);
}

/** What Claude Code would log in with: `found` is null where only Claude Code itself can tell, as with the keychain of macOS. */
export function claudeLogin(
  env: CliIo["env"],
  platform: NodeJS.Platform = process.platform,
): { readonly found: boolean | null; readonly text: string } {
  const named = [
    "CLAUDE_CODE_USE_BEDROCK",
    "CLAUDE_CODE_USE_VERTEX",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "CLAUDE_CODE_OAUTH_TOKEN",
  ].some((name) => isSet(env[name]));
  const found = named || hasLogin(env) ? true : platform === "darwin" ? null : false;
  return { found, text: claudePayer(env).text };
}

/** The order is that of Claude Code itself: cloud providers, then keys in the environment, then the stored login. */
function claudePayer(env: CliIo["env"]): Payer {
  const pays = (text: string, ambiguous = false): Payer => ({ text, costs: true, ambiguous });
  if (isSet(env.CLAUDE_CODE_USE_BEDROCK)) return pays("the AWS account (Bedrock)");
  if (isSet(env.CLAUDE_CODE_USE_VERTEX)) return pays("the Google Cloud project (Vertex)");
  const where = isSet(env.ANTHROPIC_BASE_URL) ? ` at ${env.ANTHROPIC_BASE_URL}` : "";
  const key = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"].find((name) => isSet(env[name]));
  const login = hasLogin(env);
  if (key !== undefined)
    return pays(`API key (${key})${where}${login ? "; the subscription login is not used" : ""}`, login);
  if (isSet(env.CLAUDE_CODE_OAUTH_TOKEN)) return pays("subscription (CLAUDE_CODE_OAUTH_TOKEN)");
  return pays(
    login
      ? "subscription or account of the claude login"
      : "the claude login, if there is one (claude /login)",
  );
}

function hasLogin(env: CliIo["env"]): boolean {
  const folder = env.CLAUDE_CONFIG_DIR || join(env.HOME || homedir(), ".claude");
  return existsSync(join(folder, ".credentials.json"));
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0";
}
