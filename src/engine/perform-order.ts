/** Foresees what each merge that waits would do, for their order. Touches no ref and no checkout. */
import { afterRules } from "../core/conflicts/after-rules.ts";
import { INTEGRATION } from "../core/conflicts/lines.ts";
import { isConflict, type Matrix, otherOf, pairsOf } from "../core/conflicts/matrix.ts";
import { NAMED } from "../core/conflicts/predicted.ts";
import type { MergeCandidate, MergeForecast } from "../core/merging/order.ts";
import type { OrderEffect } from "../core/workflow/effect.ts";
import { foreseenPolicy } from "../core/workflow/file-policy.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { Flight, PerformedOutcome } from "./flight.ts";

/** Without anybody who can foresee conflicts only the size of the changes counts. */
export async function performOrder(
  deps: EngineDependencies,
  { effect, state }: Flight<OrderEffect>,
): Promise<PerformedOutcome> {
  const { head, candidates } = effect;
  const lines = [
    { name: INTEGRATION, revision: head },
    ...candidates.map(({ subject, commit }) => ({ name: subject, revision: commit })),
  ];
  const found = (await (await deps.openConflicts?.())?.matrix(lines)) ?? { tips: [], pairs: [] };
  const matrix = afterRules(found, foreseenPolicy(state()));
  const forecasts: MergeForecast[] = [];
  for (const candidate of candidates) {
    const base = state().deliverables[candidate.subject]?.base ?? head;
    const changes = (await deps.repository.changedFiles(base, candidate.commit)).length;
    forecasts.push({ ...candidate, changes, ...forecastOf(matrix, candidate) });
  }
  return { command: { type: "ordered", effect: effect.id, forecasts } };
}

function forecastOf(
  matrix: Matrix,
  { subject }: MergeCandidate,
): Pick<MergeForecast, "conflicts" | "against"> {
  const pairs = pairsOf(matrix, subject).filter(isConflict);
  const merged = pairs.find((pair) => otherOf(pair, subject) === INTEGRATION)?.prediction;
  const conflicts = merged?.result === "conflicts" ? merged.files.slice(0, NAMED) : [];
  const against = pairs.map((pair) => otherOf(pair, subject)).filter((name) => name !== INTEGRATION);
  return { conflicts, against };
}
