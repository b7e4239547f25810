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

/** Last activity by subject; subjects whose sessions have written nothing yet are left out. Never rejects. */
export async function readActivities(
  commonDir: string,
  state: WorkflowState,
): Promise<ReadonlyMap<string, Activity>> {
  const found = await Promise.all(
    runningSessions(state).map(async (session) => {
      const activity = lastActivity(await tailOf(eventsPath(sessionFolder(commonDir, state.id, session.id))));
      return activity === null ? [] : [[session.subject, withoutPlace(activity, state)] as const];
    }),
  );
  return new Map(found.flat());
}

/** Paths inside the session's own worktree as the agent's task names them: relative to its root. */
function withoutPlace({ text, at }: Activity, { plan }: WorkflowState): Activity {
  const mark = `/${plan.layout.branchPrefix}/`;
  const words = text
    .split(" ")
    .map((word) =>
      word.includes(mark) ? word.slice(word.indexOf(mark) + mark.length).replace(/^[^/]*\//, "") : word,
    );
  return { text: words.join(" "), at };
}

/** The newest event that says what an agent does; the time is that of the newest of all. */
export function lastActivity(lines: readonly string[]): Activity | null {
  const events = lines.flatMap(parse);
  const newest = events.at(-1);
  const telling = events.findLast((event) => words(event) !== null);
  return newest === undefined || telling === undefined ? null : { text: words(telling) ?? "", at: newest.at };
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
