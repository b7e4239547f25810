/** How much of what a glob of `merge.files` matches its rule has a say over, known without looking at any file. */
import { expandBraces, matchGlob } from "../glob.ts";
import { keptForPerson } from "./file-rules.ts";

export interface RuleReach {
  /** `none`: a person's, all of it; `some`: part of it; `all`: as far as names tell. */
  readonly reach: "all" | "some" | "none";
  /** What keeps the rest for a person; null for `all`. */
  readonly because: string | null;
}

/** Names that globs such as `*.md` meet without meaning them. */
const INSTRUCTIONS = ["CLAUDE.md", "AGENTS.md"];

export function ruleReach(glob: string): RuleReach {
  const reaches = expandBraces(glob).map(reachOf);
  const worst = ["none", "some"].flatMap((reach) => reaches.find((one) => one.reach === reach) ?? [])[0];
  if (worst?.reach === "none" && reaches.some(({ reach }) => reach !== "none"))
    return { ...worst, reach: "some" };
  return worst ?? ALL;
}

const ALL: RuleReach = { reach: "all", because: null };

/** Of a glob without braces. */
function reachOf(glob: string): RuleReach {
  const folders = glob.split("/");
  const name = folders.pop() ?? "";
  const inside = folders.map((part) => part.replace(/\*+|\?/g, "x"));
  const open = /[*?]$/.test(name);
  const sample = [...inside, open ? "x.md" : name.replace(/\*+|\?/g, "x")].join("/");
  const kept = keptForPerson(sample);
  if (kept !== null) return { reach: "none", because: kept };
  if (open) return { reach: "some", because: "source or configuration" };
  const instructions = /[*?]/.test(name) && INSTRUCTIONS.some((one) => matchGlob(name, one));
  return instructions ? { reach: "some", because: "instructions of agents" } : ALL;
}
