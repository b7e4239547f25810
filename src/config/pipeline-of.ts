import { rolePrefix, skillAlias } from "../core/plan/roster.ts";
import type { PipelineOutline, SlotOutline } from "./outline.ts";

/** Where a slot stands. */
export type Placement =
  | { readonly kind: "one"; readonly key: string }
  /** The author must say which; `fitting` is empty where no pipeline fits the role. */
  | { readonly kind: "open"; readonly fitting: readonly string[] }
  /** No pipeline is declared, or `in` names none. */
  | { readonly kind: "unknown" };

/** Roles that belong to no skill and take the first pipeline where the author names none. */
const ANYWHERE = ["main-context", "user"];

/** Pipeline of a slot: `in`, else by the role's prefix, else the only one (definition format, slot keys). */
export function pipelineOf(slot: SlotOutline, pipelines: readonly PipelineOutline[]): Placement {
  const [first] = pipelines;
  if (first === undefined) return { kind: "unknown" };
  if (Object.hasOwn(slot.map, "in")) {
    const named = pipelines.find((pipeline) => pipeline.key === slot.in);
    return named === undefined ? { kind: "unknown" } : { kind: "one", key: named.key };
  }
  if (pipelines.length === 1) return { kind: "one", key: first.key };
  const [role] = slot.roles;
  const fitting = pipelines.filter((pipeline) => fits(pipeline, role?.text)).map((pipeline) => pipeline.key);
  if (fitting.length === 1 && fitting[0] !== undefined) return { kind: "one", key: fitting[0] };
  if (role !== undefined && ANYWHERE.includes(role.text)) return { kind: "one", key: first.key };
  return { kind: "open", fitting };
}

/** True where a role belongs to the skill, alias or key of a pipeline. */
export function fits(pipeline: PipelineOutline, role: string | undefined): boolean {
  const prefix = role === undefined ? undefined : rolePrefix(role);
  if (prefix === undefined) return false;
  const bySkill = pipeline.skill === undefined ? undefined : skillAlias(pipeline.skill);
  return prefix === bySkill || prefix === pipeline.alias || prefix === pipeline.key;
}
