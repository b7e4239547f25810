/** Worktrees and branches of workflows that have ended: what `clean` would take. */

import { hasEnded } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Repository } from "../../ports/repository.ts";
import { carryOut } from "../clean/carry-out.ts";
import { type NeedOptions, needOf } from "../clean/need.ts";
import { type StandingPlace, standingPlaces } from "../clean/places.ts";
import { type PlanOptions, planCleaning } from "../clean/plan.ts";
import type { Context } from "../context.ts";
import { countText } from "../output/units.ts";
import { type Loaded, type Project, repositoryOf } from "../project.ts";
import type { Finding } from "./finding.ts";

/** `keepMs`: how long what did not end in a merge stays. */
export async function endedFindings(
  { io }: Context,
  project: Project,
  { states }: Loaded,
  keepMs: number,
): Promise<readonly Finding[]> {
  const options: NeedOptions = { now: io.now(), keepMs, named: false };
  const repositories = new Map<string, Repository>();
  const found: { readonly state: WorkflowState; readonly places: readonly StandingPlace[] }[] = [];
  for (const state of states.filter(hasEnded)) {
    const repository = await repositoryOf(io, state);
    const places = (await standingPlaces(repository, state)).filter(
      ({ name }) => needOf(state, name, options).goes,
    );
    if (places.length === 0) continue;
    repositories.set(state.id, repository);
    found.push({ state, places });
  }
  if (found.length === 0) return [];
  const places = found.flatMap((one) => one.places);
  const trees = places.filter(({ path }) => path !== null).length;
  const alone = places.length - trees;
  const count = [
    ...(trees === 0 ? [] : [countText(trees, "worktree")]),
    ...(alone === 0 ? [] : [countText(alone, "branch without a worktree", "branches without a worktree")]),
  ].join(" and ");
  return [
    {
      level: "warn",
      subject: "leftovers",
      text: `${count}, of ${countText(found.length, "workflow")} that ended`,
      why: "they take room; what no ref holds is preserved before they go",
      evidence: found.map((one) => `${one.state.id}: ${one.places.map(({ name }) => name).join(", ")}`),
      fix: "See what would go and how it comes back: signalbox clean --dry-run",
      repair: {
        kind: "leftovers",
        what: `preserve and remove ${count}, of workflows that ended`,
        run: () =>
          cleanAll(
            project,
            repositories,
            found.map(({ state }) => state),
            options,
          ),
      },
    },
  ];
}

/** The same plan, with the same looks before each removal, as `clean` without a name. */
async function cleanAll(
  project: Project,
  repositories: ReadonlyMap<string, Repository>,
  states: readonly WorkflowState[],
  needs: NeedOptions,
): Promise<readonly string[]> {
  const options: PlanOptions = { ...needs, signal: AbortSignal.timeout(0) };
  const preserved: string[] = [];
  for (const state of states) {
    const plan = await planCleaning(repositories.get(state.id) ?? project.repository, state, options);
    const done = await carryOut(project, repositories, plan.goes);
    preserved.push(...done.preserved);
    const [failed] = done.failed;
    if (failed !== undefined) throw failed.error;
  }
  return preserved;
}
