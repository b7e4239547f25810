/** Waits for anything that may move a line: told by the system, and looked at now and then because it may forget to tell. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type FolderWatch, watchFolder } from "../../adapters/host/watch-folder.ts";
import { workflowLines } from "../../core/conflicts/lines.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";

/** Without a word from the system: an agent's files are in no folder of ours, and some file systems tell nothing. */
const WORKED_MS = 10_000;
const QUIET_MS = 60_000;

/** Several files change in one moment. */
const SETTLE_MS = 300;

/** What agents do never keeps a core busy here: a look is followed by a pause of so many times its length, though not for ever. */
const REST = 5;
const LONGEST_REST_MS = 5_000;

export interface LinesWatch {
  /**
   * Resolves when a branch, the journal or a session of the workflow moved since this watch was opened, or after a while. `tookMs`: how
   * long looking has taken.
   */
  moved(signal: AbortSignal, tookMs: number): Promise<void>;
  close(): void;
}

/** To be opened before the matrix is computed, so that nothing is missed meanwhile. */
export function watchLines(commonDir: string, state: WorkflowState): LinesWatch {
  const watches = foldersOf(commonDir, state).map(watchFolder);
  const worked = workflowLines(state).some((line) => line.worked);
  return {
    moved: async (signal, tookMs) => {
      const over = new AbortController();
      const stop = (): void => over.abort();
      signal.addEventListener("abort", stop, { once: true });
      try {
        await Promise.race(changes(watches, worked ? WORKED_MS : QUIET_MS, over.signal));
        if (!signal.aborted) await pause(SETTLE_MS + Math.min(REST * tookMs, LONGEST_REST_MS), over.signal);
      } finally {
        stop();
        signal.removeEventListener("abort", stop);
      }
    },
    close: () => {
      for (const one of watches) one.close();
    },
  };
}

function changes(
  watches: readonly FolderWatch[],
  ms: number,
  signal: AbortSignal,
): readonly Promise<unknown>[] {
  return [pause(ms, signal), ...watches.map((one) => one.changed(ms, signal))];
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

/** Where git writes the branches, where the journal is, and where its sessions write. */
function foldersOf(commonDir: string, state: WorkflowState): readonly string[] {
  const heads = workflowLines(state).map(({ branch }) => join(commonDir, "refs", "heads", branch, ".."));
  const own = join(commonDir, "signalbox", state.id);
  const sessions = join(own, "sessions");
  return [...new Set([commonDir, own, ...heads, ...subfolders(sessions)])];
}

function subfolders(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
