/** Wakes a process of ours that somebody stopped (SIGSTOP) and forgot. */
import { isFrozen, type ProcessIdentity } from "./identity.ts";

/** How long a stopped process stays as it is: whoever wants to look at it has that time. */
const PATIENCE_MS = 10_000;

/**
 * Until the returned function is called, wakes the process whenever it has been stopped for `patienceMs` (default 10000). Only
 * for programs of this project: an agent that was stopped is ended by its limits.
 */
export function keepAwake(identity: ProcessIdentity, patienceMs = PATIENCE_MS): () => void {
  let looks = 0;
  const timer = setInterval(() => {
    looks = isFrozen(identity) ? looks + 1 : 0;
    if (looks > 4) wake(identity);
  }, patienceMs / 5);
  timer.unref();
  return () => clearInterval(timer);
}

/** Proven to be the same process by {@link isFrozen} a moment ago; one that is gone since needs no waking. */
function wake({ pid }: ProcessIdentity): void {
  try {
    process.kill(pid, "SIGCONT");
  } catch {
    // Gone, or of another user.
  }
}
