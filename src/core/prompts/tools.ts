/** Exact tool names from capability words. Sub-agent tools are never among them (H-01: one level of nesting). */
import type { Plan, PlannedDeliverable } from "../plan/plan.ts";
import type { Capability } from "./charter.ts";
import { builtInTools } from "./charters.ts";

const NAMES: Readonly<Record<Capability, readonly string[]>> = {
  read: ["Read", "Glob", "Grep"],
  edit: ["Edit", "Write"],
  shell: ["Bash"],
  web: ["WebFetch", "WebSearch"],
};

/** Tools that would start other agents or leave the session, whatever a configuration asks for. */
const NEVER: ReadonlySet<string> = new Set([
  "Task",
  "Agent",
  "EnterWorktree",
  "ExitWorktree",
  "CronCreate",
  "ScheduleWakeup",
]);

/** Whoever reviews, and whoever answers with structured content, only reads. */
export const READ_ONLY: readonly string[] = NAMES.read;

/** Tool names of capability words in a fixed order; a word that is no capability is taken as an exact name. */
export function toolNames(words: readonly string[]): readonly string[] {
  const named = words.flatMap((word) => (Object.hasOwn(NAMES, word) ? NAMES[word as Capability] : [word]));
  return [...new Set(named)].filter((name) => !NEVER.has(name.replace(/\(.*$/, "")));
}

/** What a creator may use: the slot's own setting, else the role's configuration, else the role's built-in set. */
export function creatorTools(plan: Plan, planned: PlannedDeliverable): readonly string[] {
  const roles = rolesOf(planned);
  const configured = roles.flatMap((role) =>
    Object.hasOwn(plan.roles, role) ? (plan.roles[role]?.tools ?? []) : [],
  );
  return toolNames(planned.settings.tools ?? (configured.length > 0 ? configured : builtInTools(roles)));
}

/** One role, or both of a pair. */
export function rolesOf(planned: PlannedDeliverable): readonly string[] {
  return planned.partner === undefined ? [planned.role] : [planned.role, planned.partner];
}
