/**
 * Auto-escalation of criticality (H-19, domain §11): the AE rules as data, applied to what a plan declares and again
 * to what a commit really changed. Escalation only raises.
 */
import type { EscalationRule } from "../definition.ts";
import { matchAnyGlob } from "../glob.ts";
import type { Escalated, Plan, PlannedDeliverable } from "../plan/plan.ts";
import { CRITICALITIES, type Criticality } from "../vocabulary.ts";
import type { ChangedFile } from "../workflow/outcome.ts";

/** An ADR is known by a path segment or by a file name that begins with `adr-` or `adr_`, never by a part of a word. */
const ADR_PATHS = ["**/{adr,adrs,ADR,decisions}/**", "**/{adr,ADR}{-,_}*"];

const SECURITY_WORDS =
  "{auth,authentication,authorization,credential,credentials,secret,secrets,permission,permissions,access-control,encryption,security}";
const SECURITY_PATHS = [
  `**/${SECURITY_WORDS}/**`,
  `**/${SECURITY_WORDS}{,.*}`,
  `**/${SECURITY_WORDS}{-,_}*`,
  `**/*{-,_}${SECURITY_WORDS}{,.*}`,
];

/** AE-001…AE-005 as documented (domain §11); AE-003 is two rules because either condition is enough. */
export const DEFAULT_ESCALATION_RULES: readonly EscalationRule[] = [
  { id: "AE-001", when: { paths: ["docs/governance/*CONSTITUTION.md"] }, to: "C4" },
  { id: "AE-002", when: { paths: [".context/rules/**", ".claude/rules/**"] }, to: "C3" },
  { id: "AE-003", when: { makes: "adr" }, to: "C3" },
  { id: "AE-003", when: { paths: ADR_PATHS }, to: "C3" },
  { id: "AE-004", when: { paths: ADR_PATHS, baselined: true }, to: "C4" },
  { id: "AE-005", when: { paths: SECURITY_PATHS }, to: "C3" },
];

/** What a piece of work makes and touches, as far as it is known. */
export interface Touched {
  /** Artifact type, such as `adr`. */
  readonly makes?: string;
  /** Repository-relative paths: declared, or really changed. */
  readonly paths: readonly string[];
  /** Those of `paths` whose file on the base is an ADR with an accepted status. */
  readonly baselined?: readonly string[];
}

export interface Escalation {
  readonly level: Criticality;
  /** One entry per rule that raised the level, in rule order. */
  readonly escalated: readonly Escalated[];
}

/** The higher of two levels. */
export function higherLevel(one: Criticality, other: Criticality): Criticality {
  return isHigher(other, one) ? other : one;
}

/** True where `one` is a higher level than `other`. */
export function isHigher(one: Criticality, other: Criticality): boolean {
  return CRITICALITIES.indexOf(one) > CRITICALITIES.indexOf(other);
}

/** Raises `level` by every rule that matches; a rule that would not raise it leaves no record. */
export function applyEscalation(
  rules: readonly EscalationRule[],
  touched: Touched,
  level: Criticality,
): Escalation {
  return rules.reduce<Escalation>(
    (state, rule) => {
      if (!isHigher(rule.to, state.level)) return state;
      const condition = conditionMet(rule.when, touched);
      if (condition === null) return state;
      const record: Escalated = { rule: rule.id, condition, from: state.level, to: rule.to };
      return { level: rule.to, escalated: [...state.escalated, record] };
    },
    { level, escalated: [] },
  );
}

/**
 * The same rules on the files of a commit, asked again before a merge. `level` is where the deliverable stands now
 * (default: the level of the plan). The new and the old name of a rename both count; files in the deliverable's own
 * folder do not, they are about something and `makes` says about what.
 */
export function escalateForFiles(
  plan: Pick<Plan, "escalationRules">,
  deliverable: PlannedDeliverable,
  files: readonly ChangedFile[],
  level: Criticality = deliverable.criticality.effective,
): Escalation {
  const makes = deliverable.makes.kind === "file" ? { makes: deliverable.makes.type } : {};
  const outside = (list: readonly ChangedFile[]) =>
    list.flatMap(namesOf).filter((path) => !path.startsWith(deliverable.folder));
  const paths = outside(files);
  const baselined = outside(files.filter((file) => file.baselined === true));
  return applyEscalation(plan.escalationRules, { ...makes, paths, baselined }, level);
}

function namesOf(file: ChangedFile): readonly string[] {
  return file.from === undefined ? [file.path] : [file.path, file.from];
}

/** The words for why a rule applies; `null` where it does not. A rule without any condition never applies. */
function conditionMet(when: EscalationRule["when"], touched: Touched): string | null {
  if (when.makes === undefined && when.paths === undefined && when.baselined !== true) return null;
  if (when.makes !== undefined && when.makes !== touched.makes) return null;
  const needsPath = when.paths !== undefined || when.baselined === true;
  const path = needsPath ? matchingPath(when, touched) : undefined;
  if (needsPath && path === undefined) return null;
  const words = [
    ...(when.makes === undefined ? [] : [`makes ${when.makes}`]),
    ...(path === undefined
      ? []
      : [`touches ${path}${when.baselined === true ? " (accepted on the base)" : ""}`]),
  ];
  return words.join(", ");
}

function matchingPath(when: EscalationRule["when"], touched: Touched): string | undefined {
  const candidates = when.baselined === true ? (touched.baselined ?? []) : touched.paths;
  const { paths } = when;
  return paths === undefined ? candidates[0] : candidates.find((path) => matchAnyGlob(paths, path));
}
