/** All invariants, by number. A number is never given twice; docs/safety.md has the same list. */
import { CLEAN, NOTHING_LEFT, WAITS_OR_ENDS } from "./ends.ts";
import type { Invariant } from "./invariant.ts";
import { DOCUMENTS, LATE_IS_NOTHING, ONE_WRITER, REPLAY } from "./record.ts";
import { JOURNALLED_FIRST, MONEY, ONE_OWNER, ORDER, PLACES } from "./sessions.ts";
import { EARNED, LINES_KEPT, MERGED_ONCE, NOTHING_LOST, OCCUPIED_STAYS, ONLY_APPROVED } from "./work.ts";

export const INVARIANTS: readonly Invariant[] = [
  NOTHING_LOST,
  ONLY_APPROVED,
  MERGED_ONCE,
  EARNED,
  OCCUPIED_STAYS,
  JOURNALLED_FIRST,
  ONE_OWNER,
  MONEY,
  PLACES,
  ORDER,
  ONE_WRITER,
  REPLAY,
  DOCUMENTS,
  LATE_IS_NOTHING,
  WAITS_OR_ENDS,
  NOTHING_LEFT,
  CLEAN,
  LINES_KEPT,
];
