/** How an invariant is stated: its number, its promise in words, and what it looks at after every step. */
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { SessionOutcome } from "../../../src/core/workflow/outcome.ts";
import type { WorkflowState } from "../../../src/core/workflow/state.ts";
import type { DocumentRenderer } from "../../../src/ports/documents.ts";
import type { JournalEntry } from "../../../src/ports/journal.ts";
import type { SessionSpec } from "../../../src/ports/session-host.ts";
import type { Opinion } from "../story/acts.ts";
import type { MemoryHost } from "../world/host.ts";
import type { RefChange } from "../world/refs.ts";
import type { MemoryRepository } from "../world/repository.ts";

/** What really is, known from outside the engine. */
export interface Facts {
  readonly plan: Plan;
  readonly repository: MemoryRepository;
  readonly host: MemoryHost;
  readonly documents: DocumentRenderer;
  readonly parseState: (text: string) => WorkflowState;
  /** Folded from the journal; null before its first entry. */
  readonly journalled: () => WorkflowState | null;
  /** As the coordinator that holds the lease has it in memory; undefined where none lives. */
  readonly live: () => WorkflowState | undefined;
  readonly entries: () => readonly JournalEntry[];
  /** What a judge session thought of the work; null where its answer was worthless. */
  readonly opinionOf: (session: string) => Opinion | null;
  /** True when some removal failed, which the log has told, or a coordinator was fenced with something under way. */
  readonly unremoved: () => boolean;
  readonly passes: (check: string, commit: string) => boolean;
}

/** Each gives the words of what is wrong, or undefined. */
export interface Hooks {
  readonly ref?: (change: RefChange) => string | undefined;
  /** An entry is durable; states are those before and after it. */
  readonly entry?: (
    entry: JournalEntry,
    before: WorkflowState | null,
    after: WorkflowState,
  ) => string | undefined;
  /** An agent starts. */
  readonly started?: (spec: SessionSpec) => string | undefined;
  readonly ended?: (spec: SessionSpec, outcome: SessionOutcome) => string | undefined;
  /** Told outcomes again; `seq` before and after it. */
  readonly repeated?: (what: string, before: number, after: number) => string | undefined;
  /** A person looks; nothing is under way in the coordinator when it is `idle`. */
  readonly looked?: (state: WorkflowState, idle: boolean, look: number) => string | undefined;
  /** The workflow is over, and the coordinator has ended. */
  readonly over?: (state: WorkflowState) => string | undefined;
}

export interface Invariant {
  readonly id: `S${number}`;
  /** One sentence, as a person would want it. */
  readonly promise: string;
  readonly watch: (facts: Facts) => Hooks;
}
