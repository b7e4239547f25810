/** Everything that the engine needs from outside, by argument. `compose` fills it. */
import type { RunSettings } from "../core/definition.ts";
import type { Redact } from "../core/redaction.ts";
import type { CommitId } from "../core/vocabulary.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { Clock, IdSource } from "../ports/clock.ts";
import type { Conflicts } from "../ports/conflicts.ts";
import type { DocumentRenderer } from "../ports/documents.ts";
import type { JournalStore } from "../ports/journal.ts";
import type { Notifier } from "../ports/notifier.ts";
import type { CheckRunner, Provisioner } from "../ports/provisioner.ts";
import type { Repository } from "../ports/repository.ts";
import type { AcpProgram, SessionHost } from "../ports/session-host.ts";
import type { SurroundingsWatch } from "../ports/surroundings.ts";
import type { WorktreeFiles } from "../ports/worktree-files.ts";

/** An agent of the configuration. */
export interface ConfiguredAgent {
  readonly program: AcpProgram;
  /** Below what the settings of a session say. */
  readonly env: RunSettings["env"];
}

export interface EngineDependencies {
  readonly store: JournalStore;
  readonly repository: Repository;
  readonly host: SessionHost;
  readonly provisioner: Provisioner;
  readonly checks: CheckRunner;
  readonly files: WorktreeFiles;
  /** Opened once per workflow, when it is first asked. Absent = nobody looks for conflicts before they happen. */
  readonly openConflicts?: () => Promise<Conflicts>;
  /** Absent = nobody looks at what sessions do outside their worktrees. */
  readonly surroundings?: SurroundingsWatch;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly documents: DocumentRenderer;
  readonly notifier: Notifier;
  /** Complete environment of an agent process under these settings; `worktree` is null where it works in none (a judge). */
  readonly agentEnvironment: (
    settings: RunSettings,
    worktree: string | null,
  ) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** argv template of a `command:<name>` adapter as configured at the base of a workflow; undefined for any other adapter. */
  readonly commandOf: (adapter: string, base: CommitId) => Promise<readonly string[] | undefined>;
  /** Program of an `acp:<name>` adapter as configured there, with the environment that it asks for; undefined for any other adapter. */
  readonly agentOf: (adapter: string, base: CommitId) => Promise<ConfiguredAgent | undefined>;
  /** State out of an `ORCHESTRATION.yaml`; throws `SignalboxError` when it is damaged. */
  readonly parseState: (text: string) => WorkflowState;
  /** Takes secrets out of what is recorded. Absent = nothing is taken out. */
  readonly redact?: Redact;
  /** Diagnostics for the coordinator's log. */
  readonly narrate: (line: string) => void;
}
