/** Where something lands, the local branch or the remote's, and the way there: try, look whether the target moved, try again. */
import type { CommitId } from "../core/vocabulary.ts";
import type { Landing } from "../core/workflow/deliverable.ts";
import type { CheckResult } from "../core/workflow/outcome.ts";
import type {
  LandingQueue,
  LandingSite,
  MoveResult,
  PullRequests,
  RemoteTarget,
  TargetCheckout,
} from "../ports/landing.ts";
import type { CheckRunner, Provisioner } from "../ports/provisioner.ts";
import type { Repository } from "../ports/repository.ts";
import { refused } from "./landing-refusals.ts";

export interface LandingDependencies {
  readonly repository: Repository;
  readonly site: LandingSite;
  readonly queue: LandingQueue;
  readonly pullRequests: PullRequests;
  readonly checks: CheckRunner;
  readonly provisioner: Provisioner;
  /** Tells what is under way, such as checks that take a while. */
  readonly narrate: (line: string) => void;
}

export interface LandingRequest {
  /** What lands, as a person calls it: a slot or a workflow. */
  readonly subject: string;
  /** What is typed to land it, without the way, such as `land login` or `land -w fixes --squash --to release`. */
  readonly command: string;
  readonly way: Landing["way"];
  /** Local branch name; for `push` and `pr` what it follows on the remote is the target. */
  readonly target: string;
  /** False = land without running the checks on what lands. */
  readonly check: boolean;
}

export interface Landed {
  readonly commit: CommitId;
  /** True where an earlier call had landed it and only the record was missing. */
  readonly already: boolean;
  /** Checks that ran on what landed; null where they ran on the same content before, or there are none. */
  readonly checks: readonly CheckResult[] | null;
  readonly url?: string;
}

/** What lands, whatever it is. */
export interface Lands {
  /** Commit that it started from: a target that has nothing in common with it is the wrong one. */
  readonly base: CommitId;
  /** Branch on the remote that a pull request is made from. */
  readonly branch: string;
  /** Words of a pull request. */
  readonly title: string;
  readonly body: string;
  /** The commit that landed it before, on the line of `tip`; null when there is none. */
  find(tip: CommitId): Promise<CommitId | null>;
  /** The commit that would land on `onto`; changes no ref. Throws where it cannot be made. */
  build(onto: CommitId): Promise<CommitId>;
  /** Runs the checks on it; null where the same content was checked before. Throws where they fail. */
  check(commit: CommitId): Promise<readonly CheckResult[] | null>;
}

/** How often a target that moves under us is tried again. */
const TRIES = 3;

/**
 * Lands at the place of the request: on its tip, with the checks on exactly what lands, by compare-and-swap. A target that was moved
 * meanwhile, or that refuses a push because of it, is looked at again and all of it is done anew, a few times.
 * Throws `no-target`, `target-changed`, `target-elsewhere`, `target-busy`, `unrelated-target`, `target-moved`, `target-refused`, `no-remote`,
 * `pull-request`.
 */
export async function landAt(
  deps: LandingDependencies,
  request: LandingRequest,
  what: Lands,
): Promise<Landed> {
  const place = await placeOf(deps, request, what);
  for (let attempt = 1; ; attempt += 1) {
    const onto = await place.tip();
    const before = await what.find(onto);
    if (before !== null) return { commit: before, already: true, checks: null };
    if ((await deps.repository.mergeBase(onto, what.base)) === null) throw refused.unrelated(request);
    const commit = await what.build(onto);
    const checks = request.check ? await what.check(commit) : null;
    const moved = await place.move(commit, onto);
    if (moved.ok) {
      const { url } = moved;
      return {
        commit: moved.commit ?? commit,
        already: false,
        checks,
        ...(url === undefined ? {} : { url }),
      };
    }
    if (moved.reason === "refused" || attempt === TRIES) throw refused.move(request, moved);
    deps.narrate(`${request.target} has moved, building on its new tip`);
  }
}

/** `url` and `commit` where they are not the ones that were asked for: a pull request. */
type Moved = MoveResult & { readonly url?: string; readonly commit?: CommitId };

interface Place {
  tip(): Promise<CommitId>;
  move(commit: CommitId, onto: CommitId): Promise<Moved>;
}

function placeOf(deps: LandingDependencies, request: LandingRequest, what: Lands): Promise<Place> {
  return request.way === "here" ? localPlace(deps, request) : remotePlace(deps, request, what);
}

async function localPlace({ site }: LandingDependencies, request: LandingRequest): Promise<Place> {
  const { target } = request;
  return {
    tip: async () => {
      const local = await site.local(target);
      if (local === null) throw refused.noTarget(target);
      const { checkout } = local;
      if (checkout !== null) requireFree(request, checkout);
      return local.tip;
    },
    move: (commit, onto) => site.moveLocal(target, commit, onto),
  };
}

/** Files move only where a person can expect it: in their own checkout, with nothing of theirs under way. */
function requireFree(request: LandingRequest, checkout: TargetCheckout): void {
  const { path, own, operation, changed } = checkout;
  if (operation !== null) throw refused.busyTarget(request, path, operation);
  if (!own) throw refused.targetElsewhere(request, path);
  if (changed.length > 0) throw refused.changedTarget(request, path, changed);
}

async function remotePlace(deps: LandingDependencies, request: LandingRequest, what: Lands): Promise<Place> {
  const { site, pullRequests } = deps;
  const remote = await site.remote(request.target);
  if (remote === null) throw refused.noRemote(request);
  const problem = request.way === "pr" ? await pullRequests.available() : null;
  if (problem !== null) throw refused.noPullRequests(request, problem);
  return {
    tip: async () => {
      const tip = await site.fetch(remote);
      if (tip === null) throw refused.noRemoteBranch(remote);
      return tip;
    },
    move: (commit, onto) =>
      request.way === "pr" ? pullRequest(deps, what, remote, commit) : pushOnto(deps, remote, commit, onto),
  };
}

/** What a remote says of a push that another one has overtaken depends on its make; where its branch stands does not. */
async function pushOnto(
  { site }: LandingDependencies,
  remote: RemoteTarget,
  commit: CommitId,
  onto: CommitId,
): Promise<Moved> {
  const pushed = await site.push(remote, commit);
  if (pushed.ok || pushed.reason === "moved") return pushed;
  const now = await site.fetch(remote).catch(() => onto);
  return now === onto || now === null ? pushed : { ...pushed, reason: "moved" };
}

/** The commit goes to a branch of its own, which the pull request asks to take over; one that an earlier call pushed is taken as it is (LD2). */
async function pullRequest(
  { site, pullRequests }: LandingDependencies,
  { branch: head, title, body, find }: Lands,
  { remote, branch: base }: RemoteTarget,
  commit: CommitId,
): Promise<Moved> {
  const there = await site.fetch({ remote, branch: head });
  const before = there === null ? null : await find(there);
  const pushed = before === null ? await site.push({ remote, branch: head }, commit) : { ok: true as const };
  if (!pushed.ok) return { ...pushed, reason: "refused" };
  const { url } = await pullRequests.open({ title, body, base, head });
  return { ok: true, url, commit: before ?? commit };
}
