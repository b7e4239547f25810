/** What a seed decides: slots with edits that meet each other, a merge policy, checks that fail together, and what a person says. */

import type { Loop, SlotDefinition } from "../../src/core/definition.ts";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { aDefinition, aPhase, aPlanContext, aSlot, LOOPS } from "../builders/definitions.ts";
import { type Random, seeded } from "../chaos/random.ts";

/** One edit of a scenario (src/adapters/scenario). */
interface Edit {
  readonly path: string;
  readonly line?: number;
  readonly text?: string;
  readonly take?: string;
  readonly to?: string;
  readonly round?: number | readonly number[];
}

export interface Tale {
  readonly plan: Plan;
  readonly files: Readonly<Record<string, string>>;
  /** For SIGNALBOX_SCENARIO. */
  readonly scenario: object;
  /** Answers are drawn from it, one after another. */
  readonly random: Random;
  /** A person goes back to the first checkpoint, once. */
  readonly rewinds: boolean;
}

const LENGTH = 10;
const PATHS = ["src/app.ts", "src/form.ts", "CHANGELOG.md", "notes.txt"] as const;
/** A check fails where two slots left a mark: each is fine alone. Some leave it where they conflict as well. */
export const MARK = "mark of";

export const MARK_FILES = ["notes.txt", ...[1, 2, 3, 4, 5, 6].map((number) => `marks/s${number}.txt`)];

const markFile = (id: string): string => (id === "s1" || id === "s4" ? "notes.txt" : `marks/${id}.txt`);

const baseLine = (path: string, line: number): string => `${path} line ${line}`;

function baseText(path: string): string {
  return Array.from({ length: LENGTH }, (_, at) => `${baseLine(path, at + 1)}\n`).join("");
}

export function tellTale(seed: number): Tale {
  const random = seeded(seed);
  const chance = (share: number): boolean => random() < share;
  const first = 2 + below(random, 3);
  const second = chance(0.45) ? 1 + below(random, 2) : 0;
  const ids = Array.from({ length: first + second }, (_, at) => `s${at + 1}`);
  const judged = chance(0.15);
  const slots = ids.map((id) => slotOf(id, random));
  const definition = aDefinition({
    criticality: judged ? "C2" : "C1",
    loop: LOOPS.standard as Loop,
    // One after the other: the same seed asks the same questions in the same order.
    limits: { parallel: 1 },
    ...(chance(0.6) ? { checks: [{ name: "marks", run: "marks", timeoutMs: 60_000 }] } : {}),
    merge: {
      warn: "none",
      batch: 1 + below(random, 4),
      returns: pick(["none", "checks", "all", "all"] as const, random),
      ...(chance(0.6) ? { files: [{ match: ["CHANGELOG.md"], resolve: "union" as const }] } : {}),
    },
    stages: [
      aPhase("Fix", slots.slice(0, first)),
      ...(second > 0 ? [aPhase("Follow up", slots.slice(first))] : []),
    ],
  });
  const { plan, notices } = derivePlan(definition, aPlanContext({ id: "lines-20260220-001" }));
  if (plan === null) throw new Error(notices.map((one) => one.message).join("; "));
  const deliverables = Object.fromEntries(ids.map((id) => [id, workOf(id, judged, random)]));
  return {
    plan,
    files: Object.fromEntries(PATHS.map((path) => [path, baseText(path)])),
    scenario: { delayMs: 0, deliverables: { "*": { scores: [0.95], delayMs: 0 }, ...deliverables } },
    random,
    rewinds: chance(0.35),
  };
}

function slotOf(id: string, random: Random): SlotDefinition {
  const rush = random() < 0.25 ? { priority: 1 + below(random, 2) } : {};
  return aSlot({ id, makes: "commit", brief: [`Do the work of ${id}`], ...rush });
}

function workOf(id: string, judged: boolean, random: Random): object {
  const edits = [...editsOf(id, "r1", 1, random)];
  const hot = random() < 0.4;
  if (hot) edits.push({ path: markFile(id), text: `${MARK} ${id}`, round: 1 });
  // Most creators whose checks fail mend what they made; the others come back as they were.
  if (hot && random() < 0.7) edits.push({ path: markFile(id), take: `${MARK} ${id}`, round: [2, 3, 4] });
  if (random() < 0.5) edits.push(...editsOf(id, "r2", 2, random).slice(0, 1));
  const scores = judged && random() < 0.5 ? { scores: [0.8, 0.95] } : {};
  const epochs = random() < 0.5 ? { epochs: { "2": { edits: editsOf(id, "again", 1, random) } } } : {};
  const joins =
    random() < 0.35 ? { joins: [{ keep: pick(["own", "merged"] as const, random), round: 2 }] } : {};
  return { edits, ...scores, ...epochs, ...joins };
}

function editsOf(id: string, when: string, round: number, random: Random): readonly Edit[] {
  return Array.from({ length: 1 + below(random, 3) }, (_, at) => ({
    ...oneEdit(`${id} ${when}.${at}`, random),
    round,
  }));
}

function oneEdit(name: string, random: Random): Edit {
  const path = pick(PATHS, random);
  // Few places, so that slots meet: the same line, its neighbours, the end.
  const line = 3 + below(random, 4);
  const dice = random();
  if (dice < 0.3) return { path, line, text: `${name} replaces ${line}` };
  if (dice < 0.4) return { path, line, text: `${name} before ${line}\n${baseLine(path, line)}` };
  if (dice < 0.5) return { path, line, text: `${name} one\n${name} two` };
  if (dice < 0.7) return { path, text: `${name} appended` };
  if (dice < 0.84) return { path, take: baseLine(path, line) };
  if (dice < 0.9) return { path: "src/form.ts", to: pick(["src/moved.ts", "src/other.ts"] as const, random) };
  if (dice < 0.95) return { path, line, text: `both of them replace ${line}` };
  return { path: "src/new.ts", text: `${name} in a new file` };
}

export function below(random: Random, count: number): number {
  return Math.floor(random() * count);
}

export function pick<T>(list: readonly T[], random: Random): T {
  return list[below(random, list.length)] as T;
}
