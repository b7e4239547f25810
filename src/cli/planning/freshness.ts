/** Whether the base is what its upstream has by now, as far as is known here, and what follows from it. */
import { SignalboxError } from "../../core/errors.ts";
import type { Plan, Upstream } from "../../core/plan/plan.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { CliIo } from "../io.ts";
import { ageText, countText } from "../output/units.ts";
import type { Project } from "../project.ts";

/** What to do where the base is behind. */
export type BehindPolicy = "warn" | "refuse" | "ignore";

/** Tip of a branch of a remote. */
export interface Fetched {
  /** `origin/main`. */
  readonly name: string;
  readonly commit: CommitId;
}

/**
 * Fetches what the branch follows, with the person's own credentials; only where somebody said so. Null where it follows
 * nothing, or nothing of that name is there.
 */
export async function fetchUpstream(io: CliIo, branch: string): Promise<Fetched | null> {
  const { openLandingSite } = await import("../../adapters/git/landing.ts");
  const site = await openLandingSite(io.cwd, { env: io.env });
  const target = await site.remote(branch);
  const commit = target === null ? null : await site.fetch(target);
  return target === null || commit === null ? null : { name: `${target.remote}/${target.branch}`, commit };
}

/** Standing of the base; absent where it is no branch, follows nothing, or nothing was fetched. `fetchedAt`: when that was, where it was just now. */
export async function upstreamAt(
  { repository }: Project,
  branch: string | null,
  commit: string,
  fetchedAt?: string,
): Promise<Upstream | undefined> {
  const found = branch === null ? null : await repository.upstreamOf(branch, commit);
  if (found === null) return undefined;
  return fetchedAt === undefined ? found : { ...found, fetchedAt };
}

/** `12 commits behind origin/main (fetched 2h00m ago)`; null where it is not behind. */
export function behindText(upstream: Upstream | undefined, now: number): string | null {
  if (upstream === undefined || upstream.behind === 0) return null;
  const { behind, name, fetchedAt } = upstream;
  const as = fetchedAt === undefined ? "" : ` (last fetch ${ageText(fetchedAt, now)})`;
  return `${countText(behind, "commit")} behind ${name}${as}`;
}

/** Throws `user` error `base-behind` where the policy says so. */
export function requireFresh({ base }: Plan, policy: BehindPolicy, now: number): void {
  const text = policy === "refuse" ? behindText(base.upstream, now) : null;
  if (text === null) return;
  throw new SignalboxError("user", "base-behind", `${base.branch} is ${text}`, [
    `Start from there: --base ${base.upstream?.commit.slice(0, 12)}`,
    "Or bring the branch up to date first: git pull --ff-only",
    "Or say in signalbox.yaml that it does not matter: behind: warn",
  ]);
}
