import type { WorkflowEvent } from "../core/workflow/event.ts";

/** One atomic record per decision. `seq` counts entries, strictly increasing from 1. */
export interface JournalEntry {
  readonly seq: number;
  /** Writer generation (fencing): rises with every new lease. */
  readonly generation: number;
  /** Idempotency key of the append, unique per call. */
  readonly appendId: string;
  readonly events: readonly WorkflowEvent[];
}

export type AppendResult =
  | { readonly ok: true; readonly seq: number }
  | { readonly ok: false; readonly reason: "fenced" | "conflict"; readonly head: number };

/**
 * The record of one workflow.
 *
 * Contract:
 * - `append` is atomic and durable before it resolves. It succeeds only if the head is `expected` (0 = empty) and the
 *   writer's lease generation is still the newest; a stale writer gets `fenced`, however late.
 * - The same `appendId` with the same events again returns the original seq; with other events it throws.
 * - `read` yields all entries after `after`, in order, without gaps; it includes every append acknowledged before.
 * - A torn tail (a last line without newline or checksum) is cut on open for writing; any other damage throws a
 *   `SignalboxError` that names file and line and a repair hint; nothing is changed then.
 * - Lines carry a version; older ones are upcast, newer ones are refused.
 */
export interface Journal {
  append(expected: number, appendId: string, events: readonly WorkflowEvent[]): Promise<AppendResult>;
  read(after: number): Promise<readonly JournalEntry[]>;
  readonly durability: "fsync" | "memory";
  close(): Promise<void>;
}

/** Who holds the right to write a workflow. */
export interface LeaseHolder {
  readonly pid: number;
  /** Process start time in the system's own unit, so that a re-used pid is not mistaken. */
  readonly startTime: string;
  readonly bootId: string;
  readonly host: string;
  readonly generation: number;
}

/**
 * Contract:
 * - `acquire` resolves with a lease, or with the living holder. A dead holder (pid, start time, boot id) is taken over;
 *   a holder on another host is never called dead.
 * - The generation rises at every acquire, also after a release.
 */
export interface Lease {
  readonly holder: LeaseHolder;
  /** False from the moment on at which somebody else has acquired it, or it was released. */
  isNewest(): boolean;
  release(): Promise<void>;
}

export type AcquireResult =
  | { readonly ok: true; readonly lease: Lease }
  | { readonly ok: false; readonly holder: LeaseHolder };

/** All journals of one repository on this machine. */
export interface JournalStore {
  list(): Promise<readonly string[]>;
  /** `steal` takes the lease from a living holder too (a person said so); the old holder's appends are `fenced` from then on. */
  acquire(workflow: string, options?: { readonly steal?: boolean }): Promise<AcquireResult>;
  /** For the one that holds the lease. Creates the journal when it is not there. */
  open(workflow: string, lease: Lease): Promise<Journal>;
  /** Read without a lease: for views. A torn tail is ignored. */
  load(workflow: string): Promise<readonly JournalEntry[]>;
  /** Machine-local folder of a workflow (sessions, socket), absolute. */
  folder(workflow: string): string;
}
