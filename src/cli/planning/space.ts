/** The room that a plan needs: told before anything starts, and refused where it is not there. */
import type { Space } from "../../adapters/provision/space.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { CliIo } from "../io.ts";
import { countText, sizeText } from "../output/units.ts";
import type { Project } from "../project.ts";

/** What a plan needs at most at one time, as far as it can be known. */
export interface SpaceNeed {
  readonly worktrees: number;
  readonly bytes: number;
  /** False where dependencies come on top that nobody has installed here yet. */
  readonly complete: boolean;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly folder: string;
}

/** Measures the checkout; takes a fraction of a second for ordinary repositories. */
export async function spaceOf(project: Project, io: CliIo, plan: Plan): Promise<SpaceNeed> {
  const [{ openRepository }, { measureSpace }] = await Promise.all([
    import("../../adapters/git/index.ts"),
    import("../../adapters/provision/space.ts"),
  ]);
  const { root, commonDir } = project.repository;
  const repository = await openRepository(root, { env: io.env, worktrees: plan.layout.worktrees });
  const folder = repository.worktreePath(".");
  const space = await measureSpace({
    root,
    commonDir,
    env: io.env,
    base: plan.base.commit,
    worktreesFolder: folder,
    withDependencies: plan.deliverables.some(
      (it) => (it.settings.provision.dependencies ?? "none") !== "none",
    ),
  });
  const { freeBytes, totalBytes } = space;
  return { ...needOf(plan, space), freeBytes, totalBytes, folder };
}

/**
 * Worktrees that are there at one time: one for each agent that may work (for each slot, where slots land one by one and wait for
 * that), one for each commit that is reviewed meanwhile, and the integration worktree.
 */
export function needOf(plan: Plan, space: Space): Pick<SpaceNeed, "worktrees" | "bytes" | "complete"> {
  const largest = Math.max(
    0,
    ...plan.stages.map((_, stage) => plan.deliverables.filter((it) => it.stage === stage).length),
  );
  const atOnce = Math.min(plan.settings.limits.parallel, largest);
  const attempts = plan.finish.per === "slot" ? plan.deliverables.length : atOnce;
  const checked = plan.deliverables.some((it) => it.gate.checks.length > 0);
  const reviews = checked || plan.deliverables.some((it) => it.gate.judged) ? atOnce : 0;
  const working = plan.deliverables.some((it) => it.settings.provision.dependencies === "auto");
  const trees = attempts + reviews + 1;
  const installed = (working ? attempts : 0) + (checked ? reviews : 0);
  return {
    worktrees: trees,
    bytes: trees * space.treeBytes + installed * (space.dependencyBytes ?? 0),
    complete: installed === 0 || space.dependencyBytes !== null,
  };
}

/** `7 worktrees, about 315 MB; 48 GB free` */
export function spaceText({ worktrees, bytes, complete, freeBytes }: SpaceNeed): string {
  const more = complete ? "" : " and dependencies that are not installed here yet";
  return `${countText(worktrees, "worktree")}, about ${sizeText(bytes)}${more}; ${sizeText(freeBytes)} free`;
}

/** From this share of the disk on it is told that it gets full. */
const FULL = 0.8;

/** `the disk of /shop-wt would be 86 % full with them`; null while it is less than 80 %, and where it does not fit at all. */
export function fullText(need: SpaceNeed): string | null {
  const { bytes, freeBytes, totalBytes, folder } = need;
  const share = totalBytes === 0 ? 0 : (totalBytes - freeBytes + bytes) / totalBytes;
  if (share < FULL || !fits(need)) return null;
  return `the disk of ${folder} would be ${Math.floor(share * 100)} % full with them; to see what could go: signalbox clean --dry-run`;
}

export function fits({ bytes, freeBytes }: SpaceNeed): boolean {
  return bytes <= freeBytes;
}

/** Throws `no-space` (kind `environment`) where a plan cannot fit. */
export function requireSpace(need: SpaceNeed): void {
  if (fits(need)) return;
  throw new SignalboxError(
    "environment",
    "no-space",
    `${countText(need.worktrees, "worktree")} below ${need.folder} need about ${sizeText(need.bytes)}, and ${sizeText(need.freeBytes)} is free there`,
    [
      "To see what could go: signalbox clean --dry-run",
      "Fewer agents at one time need less room: --parallel 1",
      "Another disk can be named in signalbox.yaml: layout: { worktrees: /path/{repo} }",
    ],
  );
}
