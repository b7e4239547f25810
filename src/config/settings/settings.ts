import type {
  EscalationRule,
  FinishDefinition,
  MergePolicy,
  RoleSettings,
  RunOverrides,
  RunSettings,
} from "../../core/definition.ts";
import type { NotifyChannel } from "../../core/notify.ts";
import type { LayoutTemplate } from "../../core/plan/context.ts";

/** An agent that speaks the Agent Client Protocol. */
export interface AgentSettings {
  readonly command: readonly string[];
  readonly env: RunSettings["env"];
  readonly auth?: string;
  readonly mode?: string;
}

/** Everything that configuration decides, whatever the workflow. */
export interface Settings {
  /** Built-in values under the user's file under the project's file; nothing is missing. */
  readonly run: RunSettings;
  /** Environment under flags: stands above everything that a definition says. */
  readonly overrides: RunOverrides;
  /** Roles of both files; a role of the project file replaces single keys of the user's. */
  readonly roles: Readonly<Record<string, RoleSettings>>;
  readonly escalation: { readonly rules: readonly EscalationRule[]; readonly auto: boolean };
  /** Argument lists for `use: command:<name>`. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
  /** Agents for `use: acp:<name>`. */
  readonly agents: Readonly<Record<string, AgentSettings>>;
  readonly layout: LayoutTemplate;
  readonly finish: Pick<FinishDefinition, "merge" | "per" | "documents">;
  readonly merge: MergePolicy;
  /** Beside the terminal, where questions are always shown. */
  readonly notify: readonly NotifyChannel[];
  /** Whether an agent that types commands may answer for a person. */
  readonly approvals: { readonly agents: "refuse" | "allow" };
  /** How long failed worktrees and finished state stay. */
  readonly keepMs: number;
  /** What to do where the base is behind its upstream. */
  readonly behind: "warn" | "refuse" | "ignore";
  /** Fetch what the base follows before a start. */
  readonly fetch: boolean;
  readonly base?: string;
  readonly target?: string;
  /** Branches given by environment or flag: stand above a definition too. */
  readonly forced: { readonly base?: string; readonly target?: string };
  readonly project?: string;
}
