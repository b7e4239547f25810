/** Everything of a history that outlives its coordinators: repository, session host, journal, time, and who acts in them. */
import type { MemoryJournalStore } from "../../../src/adapters/journal/memory.ts";
import type { CommandBody } from "../../../src/core/workflow/command.ts";
import type { SessionOutcome } from "../../../src/core/workflow/outcome.ts";
import type { WorkflowState } from "../../../src/core/workflow/state.ts";
import type { Journal, JournalEntry } from "../../../src/ports/journal.ts";
import type { SessionSpec } from "../../../src/ports/session-host.ts";
import { actOf, type Opinion, opinionOf } from "../story/acts.ts";
import type { Fault } from "../story/faults.ts";
import { memoryConflicts } from "./conflicts.ts";
import type { Dice } from "./dice.ts";
import type { Documents } from "./documents.ts";
import type { StepFault } from "./fate.ts";
import { MemoryHost } from "./host.ts";
import { memoryChecks, memoryFiles, memoryProvisioner, memorySurroundings, type Ports } from "./ports.ts";
import { MemoryRepository } from "./repository.ts";
import { Schedule } from "./schedule.ts";
import type { Act } from "./session.ts";

export interface StageParts {
  readonly dice: Dice;
  readonly faults: readonly Fault[];
  readonly documents: Documents;
  readonly store: MemoryJournalStore;
  readonly state: () => WorkflowState | null;
  readonly started: (spec: SessionSpec) => void;
  readonly ended: (spec: SessionSpec, outcome: SessionOutcome) => void;
  readonly appended: (entry: JournalEntry) => void;
}

export class Stage {
  readonly schedule = new Schedule("2026-02-20T10:00:00Z");
  readonly repository: MemoryRepository;
  readonly host: MemoryHost;
  readonly store: MemoryJournalStore;
  readonly ports: Ports;
  readonly #parts: StageParts;
  readonly #opinions = new Map<string, Opinion | null>();
  readonly #outcomes = new Map<string, SessionOutcome>();
  #agents = 0;
  #judges = 0;

  constructor(parts: StageParts) {
    const { dice, documents } = parts;
    this.#parts = parts;
    this.repository = new MemoryRepository(() => this.schedule.wall, {
      "README.md": "# Repo\n",
      "src/shared.ts": "1\n",
      "CHANGELOG.md": "# Changes\n",
    });
    this.host = new MemoryHost({
      schedule: this.schedule,
      act: (spec) => this.#actOf(spec),
      started: parts.started,
      ended: (spec, outcome) => {
        this.#outcomes.set(spec.id, outcome);
        parts.ended(spec, outcome);
      },
    });
    this.store = this.#watched(parts.store);
    const unprepared = (worktree: string): string | null =>
      dice.chance(`prepare ${worktree} ${Math.floor(this.schedule.nowMs / 60_000)}`, 0.01)
        ? "npm ci failed"
        : null;
    this.ports = {
      store: this.store,
      repository: this.repository,
      host: this.host,
      provisioner: memoryProvisioner(this.schedule, unprepared),
      checks: memoryChecks(this.schedule, (check, commit) => this.passes(check, commit)),
      files: memoryFiles(this.repository),
      surroundings: memorySurroundings(),
      documents: documents.documents,
      parseState: documents.parseState,
      openConflicts: async () => memoryConflicts(this.repository),
      notifier: { notify: async () => undefined },
      agentEnvironment: () => ({}),
      commandOf: async () => undefined,
      agentOf: async () => undefined,
    };
  }

  /** Whether a check passes on a commit, now and for ever; on one base in ten none does. */
  passes(check: string, commit: string): boolean {
    const base = this.repository.resolve("main");
    const redAtBase = this.#parts.dice.chance(`base ${check}`, 0.1);
    if (redAtBase || commit === base) return !redAtBase;
    return !this.#parts.dice.chance(`check ${check} ${commit}`, 0.12);
  }

  opinionOf(session: string): Opinion | null {
    return this.#outcomes.get(session)?.kind === "ok" ? (this.#opinions.get(session) ?? null) : null;
  }

  /** Outcomes that count no more: of the session that ended last, and of the newest change of the branch. */
  lateOutcomes(state: WorkflowState): readonly CommandBody[] {
    const ended = Object.values(state.sessions).findLast(({ status }) => status === "ENDED");
    const outcome = ended?.outcome;
    const trailers =
      state.head === null ? undefined : this.repository.objects.find(state.head)?.text.trailers;
    const effect = trailers?.["Signalbox-Effect"];
    return [
      ...(ended === undefined || outcome === undefined
        ? []
        : [{ type: "session-ended" as const, effect: ended.id, outcome }]),
      ...(effect === undefined || state.head === null
        ? []
        : [{ type: "integrated" as const, effect, head: state.head, mergeCommit: state.head }]),
    ];
  }

  befall(fault: StepFault, state: WorkflowState | null): void {
    if (fault.kind === "host-dies") this.host.die();
    if (fault.kind === "clock" || fault.kind === "asleep") this.schedule.jump(fault.ms);
    if (fault.kind === "ref-moved" && state?.head !== null && state !== null)
      this.repository.commitOnto(
        `refs/heads/${state.plan.layout.branchPrefix}/main`,
        "by-hand.md",
        "a fix\n",
      );
  }

  #actOf(spec: SessionSpec): Act {
    const isJudge = spec.purpose === "judge";
    const nth = isJudge ? ++this.#judges : ++this.#agents;
    const { dice, faults } = this.#parts;
    const state = this.#parts.state();
    if (state === null) throw new Error(`${spec.id} starts before anything is durable`);
    const fault = faults.find((one) => one.kind === "agent" && one.nth === nth);
    const judgeFault = faults.find(
      (one) => one.kind === "judge" && one.nth <= nth && nth < one.nth + one.times,
    );
    const act = actOf({
      spec,
      state,
      repository: this.repository,
      dice,
      fault: !isJudge && fault?.kind === "agent" ? fault.how : undefined,
      judgeFault: isJudge && judgeFault?.kind === "judge" ? judgeFault.how : undefined,
    });
    if (isJudge) this.#opinions.set(spec.id, act.worthless === true ? null : opinionOf(dice, spec));
    return act;
  }

  /** The store, with somebody told of every entry that has become durable. */
  #watched(store: MemoryJournalStore): MemoryJournalStore {
    const told = new Set<number>();
    return {
      ...store,
      open: async (workflow, lease): Promise<Journal> => {
        const journal = await store.open(workflow, lease);
        return {
          ...journal,
          append: async (...args) => {
            const result = await journal.append(...args);
            if (!result.ok || told.has(result.seq)) return result;
            told.add(result.seq);
            const [entry] = await journal.read(result.seq - 1);
            if (entry !== undefined) this.#parts.appended(entry);
            return result;
          },
        };
      },
    };
  }
}
