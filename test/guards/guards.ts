/** All guards that `npm run guards` switches off, one at a time. */
import type { Guard } from "./guard.ts";
import { BOUNDARY_GUARDS } from "./list/boundaries.ts";
import { LANDING_GUARDS } from "./list/landing.ts";
import { MERGING_GUARDS } from "./list/merging.ts";
import { PEOPLE_GUARDS } from "./list/people.ts";
import { PROCESS_GUARDS } from "./list/processes.ts";
import { PROGRAM_GUARDS } from "./list/programs.ts";
import { READING_GUARDS } from "./list/reading.ts";
import { RULE_GUARDS } from "./list/rules.ts";
import { SPARE_GUARDS } from "./list/spares.ts";
import { WORKTREE_GUARDS } from "./list/worktrees.ts";

export const GUARDS: readonly Guard[] = [
  ...WORKTREE_GUARDS,
  ...SPARE_GUARDS,
  ...PROGRAM_GUARDS,
  ...LANDING_GUARDS,
  ...RULE_GUARDS,
  ...MERGING_GUARDS,
  ...PROCESS_GUARDS,
  ...BOUNDARY_GUARDS,
  ...READING_GUARDS,
  ...PEOPLE_GUARDS,
];
