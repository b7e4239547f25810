/** What running agents did last, from the ends of their event files: the difference between busy and stuck. */
import { open } from "node:fs/promises";
import { sessionFolder } from "../../adapters/host/paths.ts";
import { eventsPath } from "../../adapters/host/session-files.ts";
import { runningSessions } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { SessionEvent } from "../../ports/session-host.ts";
import type { Activity } from "../board/row.ts";
import { toolName } from "../output/live-text.ts";

/** Enough for the last few events. */
const TAIL_BYTES = 16 * 1024;

/** A running session as its events show it. */
export interface Seen {
  readonly activity: Activity;
  /** What it is in the middle of, and since when. */
  readonly doing: { readonly text: string; readonly since: string };
}

/** Last activity by subject; subjects whose sessions have written nothing yet are left out. Never rejects. */
export async function readActivities(
  commonDir: string,
  state: WorkflowState,
): Promise<ReadonlyMap<string, Activity>> {
  const seen = await readSessions(commonDir, state);
  return new Map([...seen].map(([subject, { activity }]) => [subject, activity]));
}

/** What running sessions are in the middle of, by subject. Never rejects. */
export async function readSessions(
  commonDir: string,
  state: WorkflowState,
): Promise<ReadonlyMap<string, Seen>> {
  const found = await Promise.all(
    runningSessions(state).map(async (session) => {
      const lines = await tailOf(eventsPath(sessionFolder(commonDir, state.id, session.id)));
      const activity = lastActivity(lines);
      if (activity === null) return [];
      const here = withoutPlace(activity, state);
      return [[session.subject, { activity: here, doing: doingOf(lines, here) }] as const];
    }),
  );
  return new Map(found.flat());
}

function doingOf(lines: readonly string[], { text, at, runsTool }: Activity): Seen["doing"] {
  const newest = lines.flatMap(parse).at(-1);
  if (runsTool === true) return { text: `runs ${text}`, since: at };
  if (newest?.type === "retry") return { text, since: at };
  if (newest?.type === "started") return { text: "starting", since: at };
  return { text: `last heard: ${text}`, since: at };
}

/** Paths inside the session's own worktree as the agent's task names them: relative to its root. */
function withoutPlace({ text, ...rest }: Activity, { plan }: WorkflowState): Activity {
  const mark = `/${plan.layout.branchPrefix}/`;
  const words = text
    .split(" ")
    .map((word) =>
      word.includes(mark) ? word.slice(word.indexOf(mark) + mark.length).replace(/^[^/]*\//, "") : word,
    );
  return { text: words.join(" "), ...rest };
}

/** The newest event that says what an agent does; the time is that of the newest of all. */
export function lastActivity(lines: readonly string[]): Activity | null {
  const events = lines.flatMap(parse);
  const newest = events.at(-1);
  const tool = runningTool(events);
  if (tool !== null) return { text: words(tool) ?? "", at: tool.at, runsTool: true };
  const telling = events.findLast((event) => words(event) !== null);
  return newest === undefined || telling === undefined ? null : { text: words(telling) ?? "", at: newest.at };
}

/** The oldest call that has no result yet. A text is the model's turn, which begins only when all tools are done. */
function runningTool(events: readonly SessionEvent[]): SessionEvent | null {
  let open: readonly SessionEvent[] = [];
  for (const event of events) {
    if (event.type === "tool") open = [...open, event];
    if (event.type === "tool-result") {
      const call = open.findIndex((one) => isResultOf(event, one));
      open = open.toSpliced(Math.max(0, call), 1);
    }
    if (event.type === "text" || event.type === "asked") open = [];
  }
  return open[0] ?? null;
}

function isResultOf(result: SessionEvent & { readonly type: "tool-result" }, call: SessionEvent): boolean {
  return call.type === "tool" && call.tool === result.tool && call.target === result.target;
}

function words(event: SessionEvent): string | null {
  if (event.type === "tool") return `${toolName(event.tool)} ${event.target}`.trim();
  if (event.type === "asked") return `asks: ${event.question || `may it use ${event.tool} ${event.target}`}`;
  if (event.type === "said") return `hears ${event.by}: ${event.text}`;
  if (event.type === "text") return event.text.trim().split("\n")[0] ?? null;
  if (event.type === "denied") return `${event.tool} ${event.target} denied`;
  if (event.type === "retry") return `waits for the model: ${event.message}`;
  return event.type === "started" ? "starting" : null;
}

async function tailOf(path: string): Promise<readonly string[]> {
  const file = await open(path, "r").catch(() => null);
  if (file === null) return [];
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const buffer = Buffer.alloc(size - start);
    await file.read(buffer, 0, buffer.length, start);
    const lines = buffer.toString("utf8").split("\n");
    return start === 0 ? lines : lines.slice(1); // the first one is cut
  } catch {
    return [];
  } finally {
    await file.close();
  }
}

function parse(line: string): readonly SessionEvent[] {
  try {
    return [JSON.parse(line) as SessionEvent]; // written by our own host
  } catch {
    return [];
  }
}
