/** Slots of phases: id, role, pipeline, what they make and where. Source: domain §2, §3; definition keys of slots. */
import type { RoleSettings, RunOverrides, RunSettings, SlotDefinition } from "../definition.ts";
import { type Draft, type PhaseFrame, type Planning, runKeys, stageKeys } from "./draft.ts";
import { idProblem, nearest, padded } from "./names.ts";
import { requirePipeline } from "./pipelines.ts";
import type { PlannedDeliverable, PlannedPipeline } from "./plan.ts";
import { ROSTER_ROLES, rolePrefix, skillAlias, usualArtifact } from "./roster.ts";

/** All slots of the workflow, in the order in which they are written; `after` is still empty. */
export function draftSlots(planning: Planning): readonly Draft[] {
  const counts = new Map<string, number>();
  return planning.frames.flatMap((frame) => {
    if (frame.kind === "barrier") return [];
    return frame.definition.slots.map((slot, index) => draftSlot(planning, frame, { slot, index }, counts));
  });
}

interface Placed {
  readonly slot: SlotDefinition;
  readonly index: number;
}

function draftSlot(
  planning: Planning,
  frame: PhaseFrame,
  placed: Placed,
  counts: Map<string, number>,
): Draft {
  const { slot } = placed;
  const where = `${frame.id}, slot ${placed.index + 1}`;
  const [role = slot.makes === undefined || slot.makes === "commit" ? "coder" : "", partner] = slot.role;
  checkRoles(planning, slot, role, where);
  const pipeline = pipelineOf(planning, slot, role, where);
  const ordinal = (counts.get(pipeline.key) ?? 0) + 1;
  counts.set(pipeline.key, ordinal);
  const id = slot.id ?? slot.task?.toLowerCase() ?? `agent-${pipeline.letter}-${padded(ordinal)}`;
  const problem = idProblem(id);
  if (problem !== null) {
    planning.notices.error({
      code: "slot-id",
      subject: id,
      message: `Slot id "${id}" ${problem}.`,
      position: slot.position,
    });
  }
  const folder = `${planning.layout.folder}${pipeline.alias}/${frame.pathId}/${id}/`;
  const makes = makesOf(planning, slot, { role, id, folder });
  return {
    id,
    kind: "slot",
    stage: frame.index,
    pipeline,
    title: slot.title ?? firstWords(slot.brief) ?? `${frame.definition.name}: ${role}`,
    role,
    ...(partner === undefined ? {} : { partner }),
    ...(slot.task === undefined ? {} : { task: slot.task }),
    ...(slot.priority === undefined ? {} : { priority: slot.priority }),
    brief: slot.brief,
    makes,
    folder,
    reads: slot.reads,
    after: [],
    touches: slot.touches,
    declared: slot.criticality ?? frame.definition.criticality ?? planning.definition.criticality,
    loop: slot.loop ?? frame.definition.loop ?? planning.definition.loop,
    settings: slotSettings(planning, frame, slot, { role, makes, folder }),
    slot,
    position: slot.position,
  };
}

/** Built-in roster, configuration and definition together (definition key `roles`). */
function roleSettings(planning: Planning, role: string): RoleSettings | undefined {
  const { definition, context } = planning;
  // A role may be called like a member that every object has.
  return [definition.roles, context.roles].find((roles) => Object.hasOwn(roles, role))?.[role];
}

function checkRoles(planning: Planning, slot: SlotDefinition, role: string, where: string): void {
  const fail = (code: string, message: string) =>
    planning.notices.error({
      code,
      subject: slot.id ?? slot.task ?? where,
      message,
      position: slot.position,
    });
  if (role === "")
    fail("role", `The slot (${where}) names no role; only \`makes: commit\` has a default (coder).`);
  if (slot.role.length > 2)
    fail("role", `The slot (${where}) names ${slot.role.length} roles; at most a pair is possible.`);
  if (slot.role.length === 2 && slot.role.includes("user"))
    fail("role", `The slot (${where}) pairs a person with an agent.`);
  const known = [
    ...ROSTER_ROLES,
    ...Object.keys(planning.context.roles),
    ...Object.keys(planning.definition.roles),
  ];
  const named = [...slot.role, slot.validator, slot.crossCheck].filter((name) => name !== undefined);
  for (const name of named.filter((one) => !known.includes(one))) {
    const near = nearest(name, known);
    fail(
      "unknown-role",
      `Role "${name}" is neither built in nor configured${near === undefined ? "" : `; nearest: ${near}`}.`,
    );
  }
}

/** `in`, else the pipeline of the role's skill, else the only one; the coordinator's and a person's slots take the first. */
function pipelineOf(planning: Planning, slot: SlotDefinition, role: string, where: string): PlannedPipeline {
  const { pipelines, notices } = planning;
  const report = (message: string) =>
    notices.error({
      code: "pipeline",
      subject: slot.id ?? slot.task ?? where,
      message,
      position: slot.position,
    });
  const found =
    slot.in === undefined ? pipelineOfRole(pipelines, role) : requirePipeline(pipelines, slot.in, report);
  if (found !== undefined) return found;
  const [first] = pipelines;
  if (first === undefined) throw new RangeError("a plan has at least one pipeline");
  const anywhere = role === "main-context" || role === "user" || role === "";
  if (pipelines.length > 1 && !anywhere) {
    const keys = pipelines.map((pipeline) => pipeline.key).join(", ");
    report(
      `The slot (${where}) with role "${role}" could belong to several pipelines; \`in:\` must name one of ${keys}.`,
    );
  }
  return first;
}

function pipelineOfRole(pipelines: readonly PlannedPipeline[], role: string): PlannedPipeline | undefined {
  const prefix = rolePrefix(role);
  if (prefix === undefined) return undefined;
  const fitting = pipelines.filter(
    ({ skill, alias, key }) =>
      (skill !== null && skillAlias(skill) === prefix) || alias === prefix || key === prefix,
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

function makesOf(
  planning: Planning,
  slot: SlotDefinition,
  made: { readonly role: string; readonly id: string; readonly folder: string },
): PlannedDeliverable["makes"] {
  const configured = roleSettings(planning, made.role)?.makes;
  const makes =
    slot.makes ?? configured ?? usualArtifact(made.role) ?? (made.role === "user" ? undefined : "commit");
  const fail = (message: string) =>
    planning.notices.error({ code: "makes", subject: made.id, message, position: slot.position });
  if (makes === undefined) fail(`A person makes ${made.id}; \`makes:\` must say which file.`);
  if (makes === undefined || makes === "commit") return { kind: "commit" };
  const isPath = makes.includes("/") || /\.[A-Za-z0-9]+$/.test(makes);
  const problem = isPath ? pathProblem(makes) : typeProblem(makes);
  if (problem !== null) fail(`\`makes: ${makes}\` of ${made.id} ${problem}.`);
  if (isPath) return { kind: "file", type: typeOfPath(makes), path: `${planning.layout.folder}${makes}` };
  return { kind: "file", type: makes, path: `${made.folder}${made.id}-${makes}.md` };
}

/** A path must stay inside the workflow's folder, and must be readable as a glob that means exactly itself. */
function pathProblem(path: string): string | null {
  const segments = path.split("/");
  if (segments.some((segment) => segment === "" || segment === "." || segment === "..")) {
    return "must be a plain path relative to the workflow's folder";
  }
  if (/[*?{}[\]\\\s]/.test(path)) return "must contain no blank and none of * ? { } [ ] \\";
  if (/^ORCHESTRATION[._]/.test(path)) return "is a file that the coordinator writes";
  return null;
}

function typeProblem(type: string): string | null {
  return /^[a-z0-9][a-z0-9_-]*$/i.test(type) ? null : "is neither an artifact type nor a path";
}

/** The folder names the type (`design/x.md` is a design); a bare file name is its own. */
function typeOfPath(path: string): string {
  const segments = path.split("/");
  return segments.length > 1 ? (segments[0] ?? path) : path.replace(/\.[^.]*$/, "");
}

function slotSettings(
  planning: Planning,
  frame: PhaseFrame,
  slot: SlotDefinition,
  made: { readonly role: string; readonly makes: PlannedDeliverable["makes"]; readonly folder: string },
): RunSettings {
  const { definition, context } = planning;
  const role = roleSettings(planning, made.role);
  const layers = [runKeys(definition), stageKeys(frame.definition), roleKeys(role), runKeys(slot)];
  const settings = context.resolveRun(...layers);
  if (made.makes.kind === "commit") {
    const chosen = layers.some((layer) => layer.writes !== undefined) || settings.writes.length > 0;
    return chosen ? settings : { ...settings, writes: ["**"] };
  }
  // An artifact that the author placed outside the slot's own folder would otherwise be outside its write boundary.
  if (made.makes.path.startsWith(made.folder)) return settings;
  return { ...settings, writes: [...settings.writes, made.makes.path] };
}

function roleKeys(role: RoleSettings | undefined): RunOverrides {
  if (role === undefined) return {};
  return runKeys({ ...role });
}

function firstWords(brief: readonly string[]): string | undefined {
  const line = brief[0]?.split("\n")[0]?.trim();
  if (line === undefined || line === "") return undefined;
  return line.length <= 72 ? line : `${line.slice(0, 71).trimEnd()}…`;
}
