/** Histories to measure with: events of a whole workflow by the real rules, in no time. */
import type { WorkflowEvent } from "../src/core/workflow/event.ts";
import { hasEnded } from "../src/core/workflow/queries.ts";
import { aFinding, World } from "../test/builders/world.ts";
import { MULTI } from "../test/builders/worlds.ts";

const SENTENCE =
  "The retry of a lost session starts from the recorded conversation, which the report does not say in so many words.";

/** Events of the multi-instance workflow from its creation to its end, with findings of the usual length. */
export function finishedHistory(): readonly WorkflowEvent[] {
  return finished(new World(MULTI, { findings: longFindings })).events;
}

/**
 * The same workflow taken back to its start and run again until there are `count` events. The second epoch is run by the rules;
 * later ones repeat its events with their own epoch in every id.
 */
export function longHistory(count: number): readonly WorkflowEvent[] {
  const world = finished(new World(MULTI, { findings: longFindings }));
  const first = [...world.events];
  const back = world.submit({
    type: "rewind",
    checkpoint: firstCheckpoint(first),
    by: "ana",
    note: "once more",
  });
  if (!back.ok) throw new Error(back.rejection.message);
  finished(world);
  const second = JSON.stringify(world.events.slice(first.length));
  const events = [...world.events];
  for (let epoch = 3; events.length < count; epoch += 1) events.push(...inEpoch(second, world.now.id, epoch));
  return events.slice(0, count);
}

function firstCheckpoint(events: readonly WorkflowEvent[]): string {
  for (const event of events) if (event.type === "checkpoint.reached") return event.checkpoint.id;
  throw new Error("the workflow reaches no checkpoint");
}

/** Runs to the end; what waits for a person is approved. */
function finished(world: World): World {
  for (;;) {
    const state = world.run();
    const question = state.questions.find((open) => open.options.includes("approve"));
    if (hasEnded(state)) return world;
    if (question === undefined) throw new Error(`${state.id} stands still`);
    const approved = world.submit({ type: "approve", subject: question.subject, by: "ana", note: "" });
    if (!approved.ok) throw new Error(approved.rejection.message);
  }
}

function inEpoch(events: string, workflow: string, epoch: number): readonly WorkflowEvent[] {
  const text = events
    .replaceAll(`${workflow}/2/`, `${workflow}/${epoch}/`)
    .replaceAll('"epoch":2,', `"epoch":${epoch},`);
  return JSON.parse(text) as readonly WorkflowEvent[];
}

function longFindings(): readonly object[] {
  return Array.from({ length: 4 }, (_, i) =>
    aFinding({
      type: i === 1 ? "WEAK_ASSUMPTION" : "BLIND_SPOT",
      section: `L${i}`,
      evidence: SENTENCE,
      action: SENTENCE,
    }),
  );
}
