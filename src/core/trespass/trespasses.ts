/**
 * What a session did to what is the user's. Source: P6.
 *
 * The user works in the checkout while sessions run, so a change alone says nothing: what counts is what the session's own
 * calls name. Two exceptions: settings of git that start programs, and hooks. They are told in either case, since whoever put
 * them there, nobody may run them unseen (P7).
 */
import { callText, changed, type Deeds, deedsOf, namesPath, quoted, short } from "./deeds.ts";
import { isWithin } from "./path.ts";
import { refTrespasses } from "./refs.ts";
import { gitFileTrespasses, settingTrespasses } from "./settings.ts";
import type { Surroundings, ToolCall, Trespass } from "./surroundings.ts";

/** Differences between two moments that concern the session which worked in `cwd` (absolute) in between. */
export function trespasses(
  before: Surroundings,
  after: Surroundings,
  cwd: string,
  calls: readonly ToolCall[],
): readonly Trespass[] {
  const deeds = deedsOf(cwd, calls);
  const found = [
    ...fileTrespasses(before, after, deeds),
    ...checkoutTrespass(before, after, deeds),
    ...refTrespasses(before, after, deeds),
    ...settingTrespasses(before, after, deeds),
    ...gitFileTrespasses(before, after, deeds),
  ];
  return found.map((one) => ({ ...one, evidence: portable(one.evidence, after.root) }));
}

/** Other machines read it: folders beside the checkout are named as seen from there. */
function portable(text: string, root: string): string {
  const beside = root.slice(0, root.lastIndexOf("/") + 1);
  return beside === "/" ? text : text.replaceAll(beside, "../");
}

function fileTrespasses(before: Surroundings, after: Surroundings, deeds: Deeds): readonly Trespass[] {
  return changed(before.files, after.files)
    .filter((path) => namesPath(deeds, `${after.root}/${path}`))
    .map((path) => ({
      kind: "file",
      name: path,
      named: true,
      evidence: "The session wrote into the main checkout, outside its worktree.",
      action: `Write only inside the worktree. A person looks at it with: git diff HEAD -- ${quoted(path)}`,
    }));
}

/** Verbs that change files, index or HEAD of the checkout that they run in. */
const REWRITING: ReadonlySet<string> = new Set(
  "stash reset checkout restore clean switch rebase merge pull am apply commit revert cherry-pick rm mv add".split(
    " ",
  ),
);

/** A git command that ran in the main checkout and after which it is not as it was. */
function checkoutTrespass(before: Surroundings, after: Surroundings, deeds: Deeds): readonly Trespass[] {
  const call = deeds.gits.find((it) => REWRITING.has(it.verb) && isWithin(after.root, it.folder));
  if (call === undefined) return [];
  const paths = changed(before.files, after.files);
  const moved = before.commit !== after.commit || before.branch !== after.branch;
  if (paths.length === 0 && !moved) return [];
  const where = moved
    ? `, which stood at ${short(before.commit)} of ${before.branch ?? "no branch"} and is at ${short(after.commit)} of ${after.branch ?? "no branch"}`
    : "";
  const what = paths.length === 0 ? "" : `; not as before: ${listed(paths)}`;
  return [
    {
      kind: "checkout",
      name: `git ${call.verb}`,
      named: true,
      evidence: `The session ran ${callText(call)} in the main checkout${where}${what}.`,
      action:
        "Work only inside the worktree. A person looks at the checkout with: git status, git stash list and git reflog",
      ...(moved && before.commit !== null ? { lost: before.commit } : {}),
    },
  ];
}

function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, 10).join(", ");
  return paths.length <= 10 ? shown : `${shown} and ${paths.length - 10} more`;
}
