/** Sound states at random: how far a workflow is, and what happens to each deliverable of the open stage. */
import fc from "fast-check";
import type { Plan } from "../../src/core/plan/plan.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { aWorkflow, crossPollinatedPlan, sequentialPlan } from "./state.ts";

/** Text that breaks tables, comments, YAML readers and terminals. */
export const NASTY: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "a | b",
    "on",
    "2026-02-20",
    "no: yes # not a comment",
    "<!-- hidden",
    "line\nbreak\r\n## Heading",
    "```\nfence",
    "`code | with pipe`",
    "- [x] ticked",
    "1:20:30",
    "\u2028next\u0085line\ufeff",
    "日本語の説明",
    "🚦🚦 signals",
    "--- \n...",
    "*alias &anchor !tag",
    "\ud800 lone",
    "0o17",
    "1_000",
    "",
    "  spaces  ",
    'quote " and \\ slash',
    "x".repeat(400),
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
);

type Fate =
  | "ready"
  | "running"
  | "asking"
  | "stopped"
  | "judging"
  | "merged"
  | "waived"
  | "unverified"
  | "escalated"
  | "failed"
  | "skipped";

const FATE = fc.constantFrom<Fate>(
  "ready",
  "running",
  "asking",
  "stopped",
  "judging",
  "merged",
  "waived",
  "unverified",
  "escalated",
  "failed",
  "skipped",
);

/** What makes a state; small enough to be read when a property fails. */
export interface History {
  readonly flavour: "A" | "B";
  /** -1 = not started, one more than the last stage = finished. */
  readonly stage: number;
  /** What happens to the deliverables of the open stage. */
  readonly fates: readonly Fate[];
  readonly text: string;
  readonly paused: boolean;
  readonly rewound: boolean;
}

const PLANS: Readonly<Record<History["flavour"], Plan>> = { A: crossPollinatedPlan(), B: sequentialPlan() };

/** Histories of the two documented workflows. */
export function anyHistory(): fc.Arbitrary<History> {
  return fc.record({
    flavour: fc.constantFrom<History["flavour"]>("A", "B"),
    stage: fc.integer({ min: -1, max: 6 }),
    fates: fc.array(FATE, { minLength: 4, maxLength: 4 }),
    text: NASTY,
    paused: fc.boolean(),
    rewound: fc.boolean(),
  });
}

/** The state that a history leads to. */
export function stateAfter({ flavour, stage, fates, text, paused, rewound }: History): WorkflowState {
  const plan = PLANS[flavour];
  const builder = aWorkflow(plan);
  if (stage > plan.stages.length) return builder.finished().build();
  if (stage < 0) return builder.build();
  builder.upTo(stage);
  const open = plan.deliverables.filter((one) => one.stage === stage);
  for (const [index, one] of open.entries())
    befall(builder, one.id, fates[index % fates.length] ?? "ready", text);
  builder.log("NOTED", text).set({
    notes: [{ at: builder.build().updatedAt, by: "ada", subject: "workflow", text }],
    lessons: [{ id: "LL-001", lesson: text, application: text }],
  });
  if (paused) builder.set({ status: "PAUSED", pausedReason: text });
  if (rewound) builder.rewound(Math.max(0, stage - 1));
  return builder.build();
}

function befall(builder: ReturnType<typeof aWorkflow>, id: string, fate: Fate, text: string): void {
  if (fate === "running") builder.running(id);
  if (fate === "asking") builder.asking(id, text);
  if (fate === "stopped") builder.stopped(id, text);
  if (fate === "judging") builder.running(id, "judge", [0.4, 0.88]);
  if (fate === "merged") builder.merged(id);
  if (fate === "waived") builder.merged(id, [0.8, 0.85], "WAIVED");
  if (fate === "unverified") builder.merged(id, [], "UNVERIFIED");
  if (fate === "escalated") builder.escalated(id);
  if (fate === "failed") builder.failed(id, text);
  if (fate === "skipped") builder.step(id, "skipped", { summary: text });
}
