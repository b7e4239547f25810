/**
 * Watches one running session for trouble: turns its events into what the rules look at, and looks into the worktree where events alone
 * cannot tell, because a shell command may have changed a file.
 */
import path from "node:path";
import {
  type Activity,
  CALM,
  notice,
  spendingLimit,
  type TroubleRules,
  type TroubleStep,
} from "../../core/session/trouble.ts";
import type { SessionTrouble } from "../../core/workflow/live.ts";
import type { SessionEvent, SessionSpec } from "../../ports/session-host.ts";
import type { EventBody } from "../agents/session-io.ts";
import { type DirtyFile, dirtyFiles } from "../git/dirty-files.ts";

export interface TroubleWatcher {
  seen(event: SessionEvent): void;
  /** Awake time since the last sign of life while no tool runs. */
  silent(ms: number): void;
  close(): void;
}

export interface TroubleParts {
  readonly record: (event: EventBody) => void;
  /** Default: what git says of the session's folder. */
  readonly look?: () => Promise<readonly DirtyFile[] | null>;
}

/** The worktree is looked at this seldom, and for at most a twentieth of the time. */
const LOOK_EVERY_MS = 5_000;
const SHARE = 20;

export function watchTroubles(spec: SessionSpec, { record, look }: TroubleParts): TroubleWatcher {
  const rules = rulesOf(spec);
  const dirty = look ?? (() => dirtyFiles(spec.cwd));
  /** Raised, but not told before the worktree was looked at; and told. */
  const pending = new Set<number>();
  const told = new Set<number>();
  const repeats = createRepeats();
  let watch = CALM;
  let open = true;
  let shellAt = 0;

  const feed = (activity: Activity): void => {
    if (!open) return;
    const step = notice(watch, activity, now(), rules);
    watch = step.watch;
    report(step);
  };
  const report = ({ raised, over }: TroubleStep): void => {
    for (const number of over) {
      pending.delete(number);
      if (told.delete(number)) record({ type: "trouble-over", number });
    }
    for (const trouble of raised) void tell(trouble);
  };
  const tell = async (trouble: SessionTrouble): Promise<void> => {
    pending.add(trouble.number);
    const perhaps = trouble.trouble === "loop" || trouble.trouble === "spending";
    const byShell = perhaps && spec.boundary !== null && shellAt >= Date.parse(trouble.since);
    if (byShell && hasChanged(await dirty(), trouble)) feed({ type: "change" });
    if (!open || !pending.delete(trouble.number)) return;
    told.add(trouble.number);
    record({ type: "trouble", ...trouble });
  };
  const looker =
    spec.boundary === null ? null : createLooker(dirty, (paths) => feed({ type: "strays", paths }));

  return {
    seen: (event) => {
      for (const activity of activitiesOf(event, spec, repeats)) feed(activity);
      if (event.type !== "tool-result" || !isShell(event.tool)) return;
      shellAt = Date.now();
      looker?.soon();
    },
    silent: (ms) => {
      if (ms > 0) feed({ type: "silence", ms, since: new Date(Date.now() - ms).toISOString() });
    },
    close: () => {
      open = false;
      looker?.close();
    },
  };
}

function rulesOf({ limits, boundary, writes, area }: SessionSpec): TroubleRules {
  return {
    silentMs: limits.idleMs / 2,
    spendingUsd: boundary === null ? null : spendingLimit(limits.usd),
    area: boundary === null ? null : (area ?? writes),
  };
}

/** Commands, and whatever else may change files without saying so. */
function isShell(tool: string): boolean {
  return !/^(?:Read|Glob|Grep|Write|Edit|MultiEdit|NotebookEdit|mcp__signalbox__.*)$/.test(tool);
}

/** Tells a write that changes something from one that says what the file says already. */
interface Repeats {
  called(target: string, input: string): void;
  wrote(target: string): boolean;
}

function createRepeats(): Repeats {
  const called = new Map<string, string>();
  const written = new Map<string, string | undefined>();
  return {
    called: (target, input) => called.set(target, input),
    wrote: (target) => {
      const input = called.get(target);
      const same = input !== undefined && written.get(target) === input;
      written.set(target, input);
      return !same;
    },
  };
}

function activitiesOf(event: SessionEvent, spec: SessionSpec, repeats: Repeats): readonly Activity[] {
  switch (event.type) {
    case "tool": {
      const { tool, target } = event;
      if (!isShell(tool) && tool !== "Read") repeats.called(target, event.input ?? target);
      return [{ type: "call", tool, target: relativeTo(spec, target), input: event.input ?? target }];
    }
    case "tool-result": {
      if (event.wrote !== undefined) {
        const isNews = repeats.wrote(event.wrote);
        return isNews ? [{ type: "change", path: relativeTo(spec, event.wrote) }] : [{ type: "life" }];
      }
      if (!event.error || event.failure === undefined) return [{ type: "life" }];
      const target = relativeTo(spec, event.target ?? "");
      return [{ type: "failure", tool: event.tool, target, said: event.failure }];
    }
    case "usage": {
      const usd = event.costUsd ?? event.estimateUsd;
      return usd === undefined
        ? [{ type: "life" }]
        : [{ type: "spent", usd, isEstimate: event.costUsd === null }];
    }
    default:
      return [{ type: "life" }];
  }
}

/** Paths below the session's folder lose it; everything else, a command for example, stays as it is. */
function relativeTo({ cwd }: SessionSpec, target: string): string {
  return target.startsWith(`${cwd}${path.sep}`)
    ? path.relative(cwd, target).split(path.sep).join("/")
    : target;
}

/** True when a file differs that was touched since the trouble began. */
function hasChanged(files: readonly DirtyFile[] | null, { since }: SessionTrouble): boolean {
  return (files ?? []).some(({ changedMs }) => changedMs !== null && changedMs >= Date.parse(since));
}

/** Looks at the worktree after commands. What was there before the session is nobody's stray edit. */
function createLooker(
  dirty: () => Promise<readonly DirtyFile[] | null>,
  found: (paths: readonly string[]) => void,
): { soon(): void; close(): void } {
  const before = dirty().then((files) => new Set((files ?? []).map((file) => file.path)));
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let again = false;
  let nextAt = 0;

  const lookNow = async (): Promise<void> => {
    looking = true;
    again = false;
    const started = performance.now();
    const known = await before;
    const files = await dirty();
    nextAt = performance.now() + Math.max(LOOK_EVERY_MS, (performance.now() - started) * SHARE);
    looking = false;
    if (files !== null) found(files.map((file) => file.path).filter((one) => !known.has(one)));
    if (again) soon();
  };
  const soon = (): void => {
    again = looking;
    if (looking || timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        void lookNow();
      },
      Math.max(0, nextAt - performance.now()),
    );
    timer.unref();
  };
  return { soon, close: () => clearTimeout(timer) };
}

function now(): string {
  return new Date().toISOString();
}
