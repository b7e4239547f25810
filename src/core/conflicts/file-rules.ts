/**
 * Who resolves a file that two sides changed in the same place (domain §20, table): the coordinator, where its kind has a rule that
 * loses nothing, else a person. Source, tests, configuration and instructions are a person's whatever anybody configured.
 */
import { matchAnyGlob, matchGlob } from "../glob.ts";
import { isTestPath } from "../quality/test-paths.ts";
import type { ConflictFile } from "./matrix.ts";
import { kindText } from "./words.ts";

/**
 * `union`: the lines of both sides; `tracker`: rows by their ids, the later one; `regenerate`: a document of ours, which the
 * coordinator writes anew behind the merge.
 */
export type Resolution = "union" | "tracker" | "regenerate";

/** One entry of `merge.files`; of several that match the first one counts. */
export interface FileRule {
  readonly match: readonly string[];
  readonly resolve: "union" | "tracker" | "person";
}

export interface FilePolicy {
  readonly rules: readonly FileRule[];
  /** The three documents of the workflow. */
  readonly documents: readonly string[];
  /** Globs whose change needs a person whatever the score. */
  readonly protect: readonly string[];
  /** Work of a slot, which may not touch the documents; or commits of the target, where an earlier landing may have left them. */
  readonly brings: "work" | "target";
}

export type FileClass =
  | { readonly by: Resolution }
  /** Half a sentence; null where no rule says anything about the file. */
  | { readonly by: "person"; readonly because: string | null };

/** Trackers of the worktracker have a rule without anybody's saying so. */
export const TRACKERS = "**/WORKTRACKER.md";

const DOCUMENT = /(^|\/)ORCHESTRATION(\.yaml|_PLAN\.md|_WORKTRACKER\.md)$/;
const INSTRUCTIONS = /^(claude|claude\.local|agents|gemini|skill|copilot-instructions)\.md$/i;
const PROSE = /\.(md|markdown|txt|rst|adoc|asciidoc|org)$/i;
const NAMES =
  /^(changelog|changes|history|news|releases|authors|contributors|credits|thanks|todo|notes|readme)$/i;
/** Text by its ending, and read by programs. */
const SETTINGS = /^(requirements|constraints)\b.*\.txt$|^(cmakelists|robots|meson_options|version)\.txt$/i;

/** Whether a file in conflict is resolved, and how. */
export function classify({ path, kind }: ConflictFile, policy: FilePolicy): FileClass {
  if (DOCUMENT.test(path)) return classifyDocument(path, policy);
  const rule = ruleFor(path, policy.rules);
  if (rule === null) return { by: "person", because: null };
  const kept = keptForPerson(path, policy.protect);
  if (kept !== null) return { by: "person", because: kept };
  // Only lines can be joined: what was renamed, deleted or is binary has none in common.
  if (kind !== "content" && kind !== "both-added") return { by: "person", because: kindText(kind) };
  return { by: rule };
}

/** Nobody but the coordinator writes them. Work that changed one got past the rule that forbids it: somebody has to look. */
function classifyDocument(path: string, { documents, brings }: FilePolicy): FileClass {
  if (!documents.includes(path)) return { by: "person", because: "a document of another workflow" };
  return brings === "target"
    ? { by: "regenerate" }
    : { by: "person", because: "only Signalbox writes it, so no work may have changed it" };
}

function ruleFor(path: string, rules: readonly FileRule[]): "union" | "tracker" | null {
  const rule = rules.find(({ match }) => matchAnyGlob(match, path));
  if (rule !== undefined) return rule.resolve === "person" ? null : rule.resolve;
  return matchGlob(TRACKERS, path) ? "tracker" : null;
}

/** Why a rule of `merge.files` has no say over a path; null where it has. */
export function keptForPerson(path: string, protect: readonly string[] = []): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (INSTRUCTIONS.test(name)) return "instructions of agents";
  if (matchGlob(".context/rules/**", path)) return "rules of the project";
  if (path.split("/").some((part) => part.startsWith("."))) return "configuration";
  if (isTestPath(path)) return "a test";
  if (SETTINGS.test(name)) return "configuration";
  if (!PROSE.test(name) && !NAMES.test(name)) return "source or configuration";
  return matchAnyGlob(protect, path) ? "protected" : null;
}
