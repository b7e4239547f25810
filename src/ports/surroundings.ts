import type { Surroundings, Trespass } from "../core/trespass/surroundings.ts";

/**
 * Looks at what is the user's before and after a session (P6), and keeps settings that start programs from starting them
 * where they appeared while a session ran (P7).
 *
 * Contract:
 * - Nothing of the user's is written but what `undo` is told to. Repeating any call is harmless.
 * - `begin` is called before a session's process exists; a photo that is there already is kept, so that a coordinator which
 *   attaches does not take what the session did for what was before. While no session is under way, the settings as they are
 *   count as the user's own.
 * - `end` gives both moments, or null where there is no photo. From then on settings that start programs and appeared
 *   meanwhile are not obeyed by our git, whoever set them.
 * - `undo` puts back a setting or file of git that still is as the session left it, and resolves with what it did, such as
 *   `it was taken away`; null where it did nothing. A file is moved aside, never deleted.
 * - `record` keeps what was found for `recorded`, also over a crash; the last one counts. `finish` forgets the photo, so that
 *   `end` gives null from then on.
 */
export interface SurroundingsWatch {
  begin(workflow: string, session: string): Promise<void>;
  end(
    workflow: string,
    session: string,
  ): Promise<{ readonly before: Surroundings; readonly after: Surroundings } | null>;
  undo(workflow: string, session: string, trespass: Trespass): Promise<string | null>;
  record(workflow: string, session: string, found: readonly Trespass[]): Promise<void>;
  finish(workflow: string, session: string): Promise<void>;
  /** Null where nothing was recorded. */
  recorded(workflow: string, session: string): Promise<readonly Trespass[] | null>;
}
