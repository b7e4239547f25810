/**
 * The built-in roles: whose skill they are, what they make, who reviews them. Source: domain §24 (roster), §3
 * (aliases of skills), §9.2 and §9.6 (critic, validator, independence).
 */

/** Registered short aliases of skills (domain §3). */
const SKILL_ALIASES: Readonly<Record<string, string>> = {
  "problem-solving": "ps",
  "nasa-systems-engineering": "nse",
  "nasa-se": "nse",
  orchestration: "orch",
  adversary: "adv",
  "eng-team": "eng",
  "red-team": "red",
  worktracker: "wt",
};

/** Artifact type by role; `null` where the role has no usual one. */
const ROSTER: Readonly<Record<string, string | null>> = {
  "ps-researcher": "research",
  "ps-analyst": "analysis",
  "ps-architect": "adr",
  "ps-critic": "critique",
  "ps-validator": "validation",
  "ps-synthesizer": "synthesis",
  "ps-reviewer": "review",
  "ps-investigator": "investigation",
  "ps-reporter": "report",
  "nse-requirements": "requirements",
  "nse-verification": "verification",
  "nse-risk": "risk",
  "nse-reviewer": "review",
  "nse-integration": "integration",
  "nse-configuration": "configuration",
  "nse-architecture": "architecture",
  "nse-explorer": "exploration",
  "nse-qa": "qa",
  "nse-reporter": "report",
  "adv-selector": null,
  "adv-executor": "critique",
  "adv-scorer": "score",
  "orch-planner": null,
  "orch-tracker": null,
  "orch-synthesizer": "synthesis",
  "wt-auditor": "audit",
  "wt-verifier": "verification",
  "wt-visualizer": "diagram",
  "main-context": "commit",
  coder: "commit",
  user: null,
};

/** Names of all built-in roles. */
export const ROSTER_ROLES: readonly string[] = Object.keys(ROSTER);

/** Extracts findings for handoffs and writes the final synthesis. */
export const SYNTHESIZER_ROLE = "orch-synthesizer";

/** What a built-in role makes by default: an artifact type, or `commit`; undefined where it has none. */
export function usualArtifact(role: string): string | undefined {
  return Object.hasOwn(ROSTER, role) ? (ROSTER[role] ?? undefined) : undefined;
}

/** Registered alias of a skill; undefined for unknown skills. */
export function skillAlias(skill: string): string | undefined {
  return Object.hasOwn(SKILL_ALIASES, skill) ? SKILL_ALIASES[skill] : undefined;
}

/** Skill prefix of a role: `ps` of `ps-researcher`; undefined for roles outside the registered skills. */
export function rolePrefix(role: string): string | undefined {
  const prefix = role.split("-")[0] ?? "";
  return role.includes("-") && Object.values(SKILL_ALIASES).includes(prefix) ? prefix : undefined;
}

/** Who may score work of a pipeline with that skill, best first, nobody who made it (domain §9.6). */
export function validatorsFor(skill: string | null, creators: readonly string[]): readonly string[] {
  const candidates = isSystemsEngineering(skill)
    ? ["nse-verification", "ps-validator", "nse-reviewer", "adv-scorer"]
    : ["ps-validator", "nse-verification", "ps-reviewer", "adv-scorer"];
  return candidates.filter((role) => !creators.includes(role));
}

/** Who criticises by default, never the creator. */
export function criticFor(creators: readonly string[]): string {
  return ["ps-critic", "ps-reviewer", "adv-executor"].find((role) => !creators.includes(role)) ?? "ps-critic";
}

function isSystemsEngineering(skill: string | null): boolean {
  return skill !== null && skillAlias(skill) === "nse";
}
