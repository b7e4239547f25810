/**
 * What the planner needs beside the definition. Everything here was decided or read outside: the core asks neither
 * clock nor repository nor configuration files.
 */
import type { EscalationRule, RoleSettings, RunOverrides, RunSettings } from "../definition.ts";
import type { Instant } from "../vocabulary.ts";
import type { Layout, PlannedBase } from "./plan.ts";

export interface PlanContext {
  /** Workflow id, already chosen: `definition.id`, or `nextWorkflowId` of the definition's slug. */
  readonly id: string;
  readonly idSource: "auto" | "user";
  readonly createdAt: Instant;
  /** Project id where the definition names none: the repository's name. */
  readonly project: string;
  readonly base: PlannedBase;
  readonly layout: LayoutTemplate;
  /** Roles of the configuration; the built-in roster and the definition's own roles are added by the planner. */
  readonly roles: Readonly<Record<string, RoleSettings>>;
  /** AE rules in force where the definition declares none. */
  readonly escalationRules: readonly EscalationRule[];
  readonly resolveRun: ResolveRun;
  /** Says whether the file at a path is an accepted decision record on the base (AE-004). Default: none is known to be. */
  readonly isBaselined?: (path: string) => boolean;
  /** `--judge`: critics and a judged score at C1 too. */
  readonly judge?: boolean;
}

/**
 * Layers the running keys. Given layers go from broad to narrow (workflow, phase, role, slot), a narrower key wins;
 * configuration adds flags and environment above them, and project, user and built-in values below.
 */
export type ResolveRun = (...layers: readonly RunOverrides[]) => RunSettings;

/** Where things live, before the workflow is known. `{id}` and `{project}` are filled in by the planner; `{repo}` stays. */
export interface LayoutTemplate {
  /** Default `orchestration/{id}/`; repository-relative. */
  readonly folder: string;
  /** Default `signalbox/{id}`. */
  readonly branchPrefix: string;
  /** Default `../{repo}-wt`. */
  readonly worktrees: string;
}

export const DEFAULT_LAYOUT: LayoutTemplate = {
  folder: "orchestration/{id}/",
  branchPrefix: "signalbox/{id}",
  worktrees: "../{repo}-wt",
};

/** The layout of one workflow; the folder always ends in `/`. */
export function resolveLayout(
  template: LayoutTemplate,
  workflow: { readonly id: string; readonly project: string },
): Layout {
  const fill = (text: string) =>
    text.replaceAll("{id}", workflow.id).replaceAll("{project}", workflow.project);
  const folder = `${fill(template.folder).replace(/\/+$/, "")}/`;
  return {
    folder,
    stateFile: `${folder}ORCHESTRATION.yaml`,
    planFile: `${folder}ORCHESTRATION_PLAN.md`,
    trackerFile: `${folder}ORCHESTRATION_WORKTRACKER.md`,
    branchPrefix: fill(template.branchPrefix),
    worktrees: fill(template.worktrees),
  };
}
