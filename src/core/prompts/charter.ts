/** A role as its agent is told it. */

/** Capability words that become tool names in `tools.ts`. */
export type Capability = "read" | "edit" | "shell" | "web";

export interface Charter {
  /** Two to four sentences for the system prompt: what the role is for, and what it must not do. */
  readonly text: string;
  readonly tools: readonly Capability[];
}

export type CharterTable = Readonly<Record<string, Charter>>;
