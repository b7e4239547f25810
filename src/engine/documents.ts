/** Keeps the documents in the integration worktree fresh between commits: at most once in two seconds. */
import type { WorkflowState } from "../core/workflow/state.ts";
import type { EngineDependencies } from "./dependencies.ts";

const PAUSE_MS = 2000;

export interface Refresher {
  /** The state has changed. */
  touch(state: WorkflowState): void;
  close(): Promise<void>;
}

export function createRefresher(deps: EngineDependencies): Refresher {
  let latest: WorkflowState | null = null;
  let waits = false;
  let writing: Promise<void> = Promise.resolve();
  const closing = new AbortController();

  const write = async (): Promise<void> => {
    waits = false;
    const state = latest;
    // A queued change of the branch is about to replace these files; writing now would race with it.
    if (state === null || state.head === null || state.integrations.length > 0) return;
    try {
      const { path } = await deps.repository.showIntegration(state.id, state.head);
      await deps.files.write(path, deps.documents.render(state));
    } catch (error) {
      deps.narrate(`documents of ${state.id} not refreshed: ${String(error)}`);
    }
  };

  return {
    touch: (state) => {
      latest = state;
      if (waits) return;
      waits = true;
      void deps.clock.pause(PAUSE_MS, closing.signal).then(() => {
        if (!closing.signal.aborted) writing = writing.then(write);
      });
    },
    close: async () => {
      closing.abort();
      await writing;
    },
  };
}
