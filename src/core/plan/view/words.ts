/** Phrases that the overview uses for one deliverable and for gates that are alike. */
import { patternName } from "../../quality/strategies.ts";
import type { Plan, PlannedDeliverable, PlannedGate } from "../plan.ts";

/** `ps-validator + nse-verification`. */
export function roleWords({ role, partner }: PlannedDeliverable): string {
  return partner === undefined ? role : `${role} + ${partner}`;
}

/** The artifact path, or `a commit`. */
export function makesWords({ makes }: PlannedDeliverable): string {
  return makes.kind === "file" ? makes.path : "a commit";
}

/** `rounds 1-3, score >= 0.92`; without judge what stands in its place. */
export function loopWords({ gate }: PlannedDeliverable): string {
  const { min, max } = gate.loop;
  const rounds = min === max ? `rounds ${min}` : `rounds ${min}-${max}`;
  if (gate.judged) return `${rounds}, score >= ${gate.threshold}`;
  return gate.checks.length > 0 ? `${rounds}, checks only` : `${rounds}, unverified: a person accepts it`;
}

/** One paragraph per kind of gate, each naming the deliverables that have exactly this one. */
export function gateLines(plan: Plan): readonly string[] {
  const byWords = new Map<string, { readonly gate: PlannedGate; readonly ids: string[] }>();
  for (const { id, gate } of plan.deliverables) {
    const key = describeGate(gate).join("\n");
    const known = byWords.get(key);
    if (known === undefined) byWords.set(key, { gate, ids: [id] });
    else known.ids.push(id);
  }
  return [...byWords.values()].flatMap(({ gate, ids }) => [
    ids.join(", "),
    ...describeGate(gate).map((line) => `  ${line}`),
  ]);
}

function describeGate(gate: PlannedGate): readonly string[] {
  const { strategies } = gate;
  const implied = strategies.implied.map(({ id, rule }) => `${id} by ${rule}`);
  const reviewers = gate.reviewers.map(({ role, kind }) =>
    kind === "validator" ? role : `${role} (cross-check)`,
  );
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ["checks", gate.checks.map(({ run }) => run)],
    ["strategies", gate.judged ? strategies.order : []],
    ["implied", gate.judged ? implied : []],
    ["left out", strategies.leftOut],
    ["patterns", gate.patterns.map(patternName)],
    ["critic", gate.critic === null ? [] : [gate.critic]],
    ["scored by", reviewers],
  ];
  const found = lines
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${name}: ${values.join(", ")}`);
  return gate.judged ? found : [...found, "no judge: integrity and checks only"];
}
