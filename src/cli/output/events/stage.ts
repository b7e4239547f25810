/** Words for stages, barriers, phase gates and checkpoints. */
import { ask, bad, type EventType, good, silent, type WordsFor, withDetail, work } from "./words.ts";

type StageType = Extract<
  EventType,
  | `stage.${string}`
  | `barrier.${string}`
  | `phase-gate.${string}`
  | `checkpoint.${string}`
  | `handoff.${string}`
>;

export const STAGE: WordsFor<StageType> = {
  "stage.opened": silent,
  "handoff.written": silent,
  "barrier.moved": ({ barrier, status }) =>
    (status === "COMPLETE" ? good : work)(barrier, status.toLowerCase().replace("_", " ")),
  "phase-gate.decided": ({ gate: { id, status } }) =>
    (status === "PASS" ? good : ask)(id, `phase gate ${status.toLowerCase()}`),
  "checkpoint.reached": ({ checkpoint: { id, recoveryPoint } }) => good(id, `checkpoint ${recoveryPoint}`),
  "checkpoint.written": silent,
  "checkpoint.answered": ({ checkpoint, status, by, notes }) =>
    (status === "APPROVED" ? good : bad)(checkpoint, withDetail(`${status.toLowerCase()} by ${by}`, notes)),
};
