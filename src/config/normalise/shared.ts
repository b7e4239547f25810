/** Parts that definitions and configuration files share: roles, escalation rules, criticality, loops. */
import type { FileRule } from "../../core/conflicts/file-rules.ts";
import type { EscalationRule, Loop, MergePolicy, RoleSettings } from "../../core/definition.ts";
import type { Criticality } from "../../core/vocabulary.ts";
import { DEFAULT_ROUNDS } from "../checks/numbers.ts";
import type { AuthoredConfig } from "../schema/config-schema.ts";
import type { AuthoredDefinition, AuthoredLoop } from "../schema/definition-schema.ts";
import { CRITICALITY_NAMES } from "../schema/leaves.ts";
import { defined, listOf } from "./defined.ts";
import { pathsOf } from "./run-overrides.ts";

/** `standard` becomes `C2`. */
export function normaliseCriticality(name: NonNullable<AuthoredDefinition["criticality"]>): Criticality {
  switch (name) {
    case "routine":
    case "standard":
    case "significant":
      return CRITICALITY_NAMES[name];
    default:
      return name;
  }
}

/** Rounds of the named profiles (domain §10). */
export const LOOPS: Readonly<Record<"standard" | "h14" | "disc-002" | "none", Loop>> = {
  standard: { profile: "standard", ...DEFAULT_ROUNDS, findings: 0 },
  h14: { profile: "h14", min: 3, max: 3, findings: 0 },
  "disc-002": { profile: "disc-002", ...DEFAULT_ROUNDS, findings: 3, critic: "ps-critic" },
  none: { profile: "none", min: 1, max: 1, findings: 0 },
};

/** A named profile, or the author's own bounds over those of `standard`. */
export function normaliseLoop(loop: AuthoredLoop): Loop {
  if (typeof loop === "string") return LOOPS[loop];
  return { profile: "custom", ...DEFAULT_ROUNDS, findings: 0, ...defined(loop) };
}

/** Roles with the text of their charters; `charters` has it by role name. */
export function normaliseRoles(
  roles: AuthoredConfig["roles"],
  charters: ReadonlyMap<string, string>,
): Readonly<Record<string, RoleSettings>> {
  return Object.fromEntries(
    Object.entries(roles ?? {}).map(([name, { use, model, tools, makes }]) => [
      name,
      defined({ charter: charters.get(name), use, model, tools: listOf(tools), makes }),
    ]),
  );
}

/** Keys of `merge` as one level says them; rules for files that are left out are inherited. */
export function normaliseMerge(merge: AuthoredConfig["merge"]): Partial<MergePolicy> {
  const files = merge?.files?.map(
    ({ match, resolve }): FileRule => ({ match: pathsOf(match) ?? [], resolve }),
  );
  return defined({ warn: merge?.warn, batch: merge?.batch, returns: merge?.returns, files });
}

/** Escalation as one level says it; without `rules` those of the level below hold. */
export interface Escalate {
  readonly rules?: readonly EscalationRule[];
  readonly auto: boolean;
}

/** `auto`, `ask`, a list of rules, or both as a mapping; rules that are left out are inherited. */
export function normaliseEscalate(escalate: AuthoredConfig["escalate"]): Partial<Escalate> {
  if (escalate === undefined) return {};
  if (typeof escalate === "string") return { auto: escalate === "auto" };
  const list = Array.isArray(escalate) ? escalate : escalate.rules;
  const auto = Array.isArray(escalate) ? undefined : escalate.auto;
  const rules = list?.map(
    (rule): EscalationRule => ({
      id: rule.id,
      when: defined({
        paths: pathsOf(rule.when.paths),
        makes: rule.when.makes,
        baselined: rule.when.baselined,
      }),
      to: rule.to,
    }),
  );
  return defined({ rules, auto });
}
