/** One session as the journal knows it. */
import type { Instant } from "../vocabulary.ts";
import type { SessionOutcome } from "./outcome.ts";

export interface SessionRecord {
  /** Effect id. */
  readonly id: string;
  readonly purpose: SessionPurpose;
  readonly subject: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly round: number;
  /** Judge sample or critique part, 1-based. */
  readonly part: number;
  readonly role: string;
  readonly adapter: string;
  readonly model?: string;
  /** Agent's conversation id. */
  readonly conversation: string;
  readonly status: "DISPATCHED" | "ENDED";
  readonly dispatchedAt: Instant;
  readonly endedAt?: Instant;
  /** Money reserved while it runs; 0 where no limit counts. */
  readonly reservedUsd: number;
  /** What its agent may spend of that: less by the headroom for one request. Absent where no limit counts, and in old journals. */
  readonly usd?: number;
  /** What was reserved for it, where it has ended and its agent could not tell the cost. */
  readonly assumedUsd?: number;
  readonly outcome?: SessionOutcome;
  /** Highest numbers seen of its questions and troubles. */
  readonly asked?: number;
  readonly troubled?: number;
}

export type SessionPurpose = "create" | "revise" | "critique" | "judge" | "handoff" | "synthesis";
