import type { Verb } from "../verb.ts";
import { ANSWER } from "./answer.ts";
import { KEEP, SET_UP } from "./keep.ts";
import { LOOK } from "./look.ts";
import { START } from "./start.ts";

/** All verbs in the order of the help page. */
export const VERBS: readonly Verb[] = [...START, ...LOOK, ...ANSWER, ...KEEP, ...SET_UP];
