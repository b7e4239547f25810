/** What goes wrong in one history, drawn from its seed before it begins, so that single faults can be left out. */
import type { Dice } from "../world/dice.ts";

export type Fault =
  /** kill -9 of the coordinator before a step of the schedule; a person starts another one later. */
  | { readonly kind: "crash"; readonly step: number; readonly downMs: number }
  /** The same right after an append is durable: nobody has heard of it. */
  | { readonly kind: "crash-after-append"; readonly nth: number; readonly downMs: number }
  /** It is told to end, in the middle of whatever it does. */
  | { readonly kind: "close"; readonly step: number; readonly downMs: number }
  | { readonly kind: "freeze"; readonly step: number; readonly ms: number }
  /** Another coordinator takes the lease from one that lives, and that may be frozen for a while; it goes on with what it knew. */
  | { readonly kind: "steal"; readonly step: number; readonly frozenMs: number }
  /** The same right before a call, which the old one still makes when it goes on. */
  | { readonly kind: "stale"; readonly call: string; readonly nth: number; readonly frozenMs: number }
  | { readonly kind: "host-dies"; readonly step: number }
  | { readonly kind: "agent"; readonly nth: number; readonly how: AgentFault }
  /** With `times`, as many judges after each other. */
  | { readonly kind: "judge"; readonly nth: number; readonly how: string; readonly times: number }
  /** A call of a port fails, before or after it was carried out. */
  | {
      readonly kind: "call";
      readonly call: string;
      readonly nth: number;
      readonly how: CallFault;
      readonly when: "before" | "after";
    }
  | { readonly kind: "slow"; readonly call: string; readonly nth: number; readonly ms: number }
  | { readonly kind: "ref-moved"; readonly step: number }
  /** The wall clock is set forward or back. */
  | { readonly kind: "clock"; readonly step: number; readonly ms: number }
  /** The lid is closed: time passes and nothing runs. */
  | { readonly kind: "asleep"; readonly step: number; readonly ms: number }
  /** Outcomes that were told already are told again. */
  | { readonly kind: "repeat"; readonly step: number }
  | { readonly kind: "person"; readonly step: number; readonly act: PersonAct };

export type AgentFault =
  | "killed"
  | "silent"
  | "hangs"
  | "late"
  | "no artifact"
  | "no self-review"
  | "overspends"
  | "unknown cost"
  | "asks"
  | "asks for permission"
  | "conflicts"
  | "strays"
  | "logged out"
  | "usage window"
  | "overloaded"
  | "refused"
  | "denied";

export type CallFault = "lock taken" | "disk full" | "object missing" | "lost";

export type PersonAct =
  | "pause"
  | "cancel"
  | "rewind"
  | "checkpoint"
  | "note"
  | "block"
  | "stop"
  | "say"
  | "approve"
  | "approve twice"
  | "reject"
  | "retry"
  | "skip"
  | "write"
  | "interrupt"
  | "limit";

const AGENT_FAULTS: readonly AgentFault[] = [
  "killed",
  "silent",
  "hangs",
  "late",
  "no artifact",
  "no self-review",
  "overspends",
  "overspends",
  "unknown cost",
  "asks",
  "asks for permission",
  "conflicts",
  "conflicts",
  "strays",
  "logged out",
  "usage window",
  "overloaded",
  "refused",
  "denied",
];

const PERSON_ACTS: readonly PersonAct[] = [
  "pause",
  "cancel",
  "rewind",
  "rewind",
  "rewind",
  "rewind",
  "checkpoint",
  "note",
  "block",
  "stop",
  "stop",
  "say",
  "approve",
  "approve twice",
  "reject",
  "retry",
  "retry",
  "skip",
  "write",
  "interrupt",
  "limit",
];

const GIT_CALLS = [
  "addWorktree",
  "addReviewWorktree",
  "commitWorktree",
  "joinWorktree",
  "buildMerge",
  "buildFilesCommit",
  "buildTreeCommit",
  "advance",
  "findEffect",
  "resolve",
  "showIntegration",
  "isAncestor",
  "changedFiles",
  "worktrees",
  "removeWorktree",
  "removeReviewWorktrees",
  "deleteBranch",
  "preserve",
  "listFiles",
  "readFile",
] as const;

/** Calls that a coordinator which was taken over must not harm with. */
const STALE_CALLS = [
  "repository.advance",
  "repository.advance",
  "repository.advance",
  "repository.addWorktree",
  "repository.commitWorktree",
  "repository.joinWorktree",
  "repository.removeWorktree",
  "repository.deleteBranch",
  "repository.preserve",
  "repository.showIntegration",
  "journal.append",
  "host.start",
  "host.stop",
  "files.write",
] as const;

const OTHER_CALLS = [
  "journal.append",
  "journal.read",
  "host.start",
  "host.outcome",
  "host.stop",
  "host.deliver",
  "files.write",
  "files.size",
  "files.emptyFolder",
  "checks.run",
  "provisioner.prepare",
  "provisioner.release",
  "surroundings.begin",
  "surroundings.end",
] as const;

/** None in one of eight histories, else up to eight. `judgeFaults` are the names of what a judge can do wrong. */
export function faultsFor(dice: Dice, judgeFaults: readonly string[]): readonly Fault[] {
  const count = dice.chance("none", 0.125) ? 0 : dice.int("count", 1, 8);
  return Array.from({ length: count }, (_, index) => fault(dice.of(String(index)), judgeFaults));
}

/** Steps of a history: most have several hundred, and faults at the beginning change more. */
function stepOf(dice: Dice): number {
  return Math.floor(1 + 1_500 * dice.roll("step") ** 2);
}

function fault(dice: Dice, judgeFaults: readonly string[]): Fault {
  const step = stepOf(dice);
  const soon = dice.int("soon", 100, 60_000);
  const kind = dice.pick<Fault["kind"]>("kind", KINDS);
  switch (kind) {
    case "crash":
    case "close":
      return { kind, step, downMs: soon };
    case "crash-after-append":
      return { kind, nth: dice.int("nth", 1, 80), downMs: soon };
    case "freeze":
      return { kind, step, ms: dice.int("ms", 1_000, 1_800_000) };
    case "steal":
      return { kind, step, frozenMs: dice.chance("frozen", 0.5) ? dice.int("ms", 1_000, 600_000) : 0 };
    case "stale":
      return {
        kind,
        call: dice.pick("call", STALE_CALLS),
        nth: dice.int("nth", 1, 8),
        frozenMs: dice.int("ms", 1_000, 600_000),
      };
    case "agent":
      return { kind, nth: dice.int("nth", 1, 12), how: dice.pick("how", AGENT_FAULTS) };
    case "judge":
      return {
        kind,
        nth: dice.int("nth", 1, 12),
        how: dice.pick("how", judgeFaults),
        times: dice.pick("times", [1, 1, 3, 5]),
      };
    case "call":
      return {
        kind,
        call: callOf(dice),
        nth: nthOf(dice),
        how: dice.pick<CallFault>("how", ["lock taken", "disk full", "object missing", "lost"]),
        when: dice.pick("when", ["before", "after"] as const),
      };
    case "slow":
      return { kind, call: callOf(dice), nth: nthOf(dice), ms: dice.int("ms", 1_000, 300_000) };
    case "clock":
      return { kind, step, ms: dice.int("ms", -7_200_000, 7_200_000) };
    case "asleep":
      return { kind, step, ms: dice.int("ms", 60_000, 36_000_000) };
    case "person":
      return { kind, step, act: dice.pick("act", PERSON_ACTS) };
    case "host-dies":
    case "ref-moved":
    case "repeat":
      return { kind, step };
    default:
      return kind satisfies never;
  }
}

/** How often each kind comes. */
const KINDS: readonly Fault["kind"][] = [
  "crash",
  "crash",
  "crash",
  "crash-after-append",
  "crash-after-append",
  "close",
  "freeze",
  "steal",
  "stale",
  "stale",
  "host-dies",
  "agent",
  "agent",
  "agent",
  "judge",
  "judge",
  "judge",
  "call",
  "call",
  "call",
  "slow",
  "ref-moved",
  "clock",
  "asleep",
  "repeat",
  "repeat",
  "person",
  "person",
  "person",
];

function callOf(dice: Dice): string {
  return dice.chance("git", 0.65)
    ? `repository.${dice.pick("call", GIT_CALLS)}`
    : dice.pick("call", OTHER_CALLS);
}

function nthOf(dice: Dice): number {
  return Math.floor(1 + 25 * dice.roll("nth") ** 2);
}
