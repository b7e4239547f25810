// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the format has expressions of its own
/** The shape of a definition: what the validation and the JSON Schema are both made from. */
import { z } from "zod";
import {
  artifactTarget,
  behind,
  branch,
  choice,
  countOrZero,
  criticality,
  entity,
  flag,
  identifier,
  line,
  lines,
  oneOrMany,
  path,
  paths,
  pipelineKey,
  share,
  slotId,
  slug,
  text,
  texts,
  workflowId,
} from "./leaves.ts";
import { finishKeys, merge, runKeys, sharedKeys } from "./run-keys.ts";

const CRITIC_PATTERNS = ["steelman", "strawman", "devils-advocate", "red-team", "blue-team"] as const;

/** The ten selected strategies (domain §8.4). */
export const STRATEGIES = [
  "S-001",
  "S-002",
  "S-003",
  "S-004",
  "S-007",
  "S-010",
  "S-011",
  "S-012",
  "S-013",
  "S-014",
] as const;

/** Lints that an author may accept by name. */
export const ALLOWABLE = ["self-validation"] as const;

const loop = z
  .union([
    choice(["standard", "h14", "disc-002", "none"]),
    z.strictObject({
      min: countOrZero.optional().describe("Fewest rounds. Default 1."),
      max: countOrZero.optional().describe("Most rounds. Default 3."),
      findings: countOrZero.optional().describe("Least findings per critique. Default 0."),
      critic: slug.optional(),
      scorer: slug.optional(),
      threshold: share.optional().describe("Score that passes. Default 0.92."),
    }),
  ])
  .describe("Rounds of creator, critic and judge.");

const rubric = z.union([
  choice(["six"]),
  z
    .array(
      z.strictObject({
        name: line,
        key: identifier.optional().describe("Key in scores. Default: from the name."),
        weight: share.describe("Share of the composite; all weights sum to 1."),
        description: text.optional(),
      }),
    )
    .min(1),
]);

const slot = z
  .strictObject({
    id: slotId.optional().describe("Overrides the derived id."),
    in: pipelineKey.optional().describe("Pipeline. Default: by the role's prefix, else the only pipeline."),
    role: oneOrMany(slug)
      .optional()
      .describe("Role, or a pair of roles. Default coder where a commit is made."),
    makes: artifactTarget.optional().describe("Artifact type, path below the workflow folder, or commit."),
    brief: texts.optional().describe("What to do."),
    brief_file: path.optional().describe("File that holds the brief."),
    reads: paths.optional().describe("Inputs beside the derived ones."),
    task: identifier.optional().describe("Worktracker task, such as TASK-001."),
    title: line.optional(),
    critics: oneOrMany(choice(CRITIC_PATTERNS)).optional().describe("Critic patterns."),
    validator: slug.optional().describe("Role that scores."),
    cross_check: slug.optional().describe("Second role that scores."),
    after: lines
      .optional()
      .describe("Ids, tasks or titles of slots of this phase that must be merged first."),
    priority: countOrZero
      .optional()
      .describe("Of the slots that wait for their merge the higher goes first. Default 0."),
    touches: paths.optional().describe("Paths the work will change; feeds the escalation rules."),
    criticality: criticality.optional(),
    allow: oneOrMany(choice(ALLOWABLE)).optional().describe("Lints that are accepted."),
    loop: loop.optional(),
    ...runKeys,
  })
  .meta({ id: "slot" });

const phase = z
  .strictObject({
    phase: line.describe("Name of the phase."),
    slots: z.array(slot).min(1).describe("Units of work; one artifact or commit each."),
    exit: texts.optional().describe("Exit criteria, given to the judge."),
    gate: texts.optional().describe("Extra named conditions of the phase gate."),
    deliverables: lines.optional(),
    checkpoint: text.optional().describe("Text of the checkpoint that a person answers after the phase."),
    criticality: criticality.optional(),
    mode: choice(["parallel", "sequential"]).optional().describe("Default parallel."),
    loop: loop.optional(),
    ...runKeys,
  })
  .meta({ id: "phase" });

const direction = z.strictObject({ from: pipelineKey, to: pipelineKey, text });

/** Keys of a barrier beside its directions. */
const barrierKeys = {
  barrier: line.describe("Name of the barrier."),
  send: z.array(direction).optional().describe("Directions in strict form."),
  strategies: oneOrMany(choice(STRATEGIES)).optional(),
  threshold: share.optional(),
  criticality: criticality.optional(),
  loop: loop.optional(),
  ...runKeys,
};

/** Every other key is a direction such as `a -> b`, checked by its own rule. */
export const barrierSchema = z.object(barrierKeys).catchall(z.unknown()).meta({ id: "barrier" });

/** Names of the fixed keys of a barrier, for suggestions. */
export const BARRIER_KEYS: readonly string[] = Object.keys(barrierKeys);

const input = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.strictObject({
    type: choice(["string", "number", "boolean"]).optional(),
    default: z.union([z.string(), z.number(), z.boolean()]).optional(),
    description: text.optional(),
  }),
]);

const level = choice(["L", "M", "H"]);

/** A definition file as it is written; every transformation comes later. */
export const definitionSchema = z.strictObject({
  workflow: line.describe("Display name."),
  slug: slug.optional().describe("Purpose part of the id. Default: from the name."),
  id: workflowId.optional().describe("Fixes the whole workflow id."),
  project: entity.optional().describe("Project id. Default: the name of the repository."),
  goal: text.optional().describe("Executive summary, given to every agent."),
  parent: entity.optional().describe("Owning worktracker entity."),
  criticality: criticality.optional().describe("Default C1."),
  loop: loop.optional(),
  rubric: rubric.optional().describe("Dimensions of the score. Default six."),
  review: oneOrMany(choice(["plan", "phase"]))
    .optional()
    .describe("Where a person approves."),
  inputs: z.record(identifier, input).optional().describe("Parameters, used as ${{ inputs.name }}."),
  first_phase: countOrZero.optional().describe("Number of the first phase. Default 1."),
  pipelines: z
    .record(
      pipelineKey,
      z.union([
        z.strictObject({
          alias: slug.optional(),
          title: line.optional(),
          skill: line.optional(),
          purpose: text.optional(),
        }),
        z.null(),
      ]),
    )
    .optional()
    .describe("Tracks of phases; may be left out when there is one."),
  stages: z
    .array(z.union([phase, barrierSchema]))
    .min(1)
    .describe("Phases and barriers in order."),
  finish: z
    .strictObject({
      approve: choice(["user", "none"]).optional().describe("A person approves the end. Default none."),
      synthesis: flag.optional().describe("A final synthesis is written. Default false."),
      ...finishKeys,
      next: lines.optional().describe("What follows the workflow."),
    })
    .optional(),
  risks: z
    .array(z.strictObject({ risk: text, likelihood: level, impact: level, mitigation: text }))
    .optional(),
  levels: z.array(z.strictObject({ level: line, audience: line, content: text })).optional(),
  facts: z
    .array(
      z.strictObject({ title: line, rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean()]))) }),
    )
    .optional(),
  prior_art: text.optional(),
  merge,
  base: branch.optional().describe("Branch to start from. Default: the current commit."),
  target: branch.optional().describe("Branch to go to. Default: the current branch."),
  behind,
  ...sharedKeys,
});

/** A definition as written, known to be well formed. */
export type AuthoredDefinition = z.infer<typeof definitionSchema>;
export type AuthoredStage = AuthoredDefinition["stages"][number];
export type AuthoredPhase = z.infer<typeof phase>;
export type AuthoredSlot = z.infer<typeof slot>;
export type AuthoredLoop = z.infer<typeof loop>;
export type AuthoredRubric = z.infer<typeof rubric>;
