/** Branches, tags and the stash that a session changed: they are shared by all worktrees. */
import { callText, changed, type Deeds, quoted, short } from "./deeds.ts";
import { isWithin } from "./path.ts";
import type { GitCall } from "./shell.ts";
import type { Surroundings, Trespass } from "./surroundings.ts";

/** Refs that were changed or deleted, or whose kind nobody but the user makes, by calls that may have done exactly that. */
export function refTrespasses(before: Surroundings, after: Surroundings, deeds: Deeds): readonly Trespass[] {
  return changed(before.refs, after.refs).flatMap((ref): readonly Trespass[] => {
    const [was, is] = [before.refs[ref] ?? null, after.refs[ref] ?? null];
    const call = deeds.gits.find((it) => namesRef(it, ref, before, after, deeds));
    // A branch or tag that is new takes nothing from anybody.
    if (call === undefined || (was === null && ref !== "refs/stash" && !ref.startsWith("refs/replace/")))
      return [];
    const name = shortRef(ref);
    const moved =
      is === null ? "is gone" : was === null ? `is new at ${short(is)}` : `is at ${short(is)} now`;
    return [
      {
        kind: "ref",
        name,
        named: true,
        evidence: `The session ran ${callText(call)}: ${name}${was === null ? "" : `, which stood at ${short(was)},`} ${moved}.`,
        action: `Leave branches, tags and the stash alone. ${wayBack(ref, was, is)}`,
        ...(was === null || ref.startsWith("refs/remotes/") ? {} : { lost: was }),
      },
    ];
  });
}

const HISTORY: ReadonlySet<string> = new Set(
  "commit reset merge rebase pull cherry-pick revert am".split(" "),
);

/** True for a call that may have changed exactly this ref; one that only reads it is none. */
function namesRef(
  call: GitCall,
  ref: string,
  before: Surroundings,
  after: Surroundings,
  { gits }: Deeds,
): boolean {
  const { verb, args } = call;
  const name = shortRef(ref);
  const says = args.some(
    (word) => word === name || word === ref || word.endsWith(`:${name}`) || word.endsWith(`:${ref}`),
  );
  if (ref === "refs/stash") return verb === "stash";
  if (ref.startsWith("refs/remotes/")) return verb === "push";
  if (ref.startsWith("refs/tags/")) return (verb === "tag" || verb === "update-ref") && says;
  if (ref.startsWith("refs/replace/")) return verb === "replace";
  if (verb === "update-ref" || verb === "symbolic-ref") return says;
  if (!ref.startsWith("refs/heads/")) return false;
  if (verb === "branch")
    return says && args.some((word) => /^(-[dDmMfcC]+|--(delete|move|force|copy))$/.test(word));
  if (verb === "push" || verb === "fetch") return says && args.includes(".");
  const isOpenThere = name === before.branch || name === after.branch;
  if (HISTORY.has(verb) && isOpenThere) return isWithin(after.root, call.folder);
  // Looked at alone it stays where it is; worked on, it moves.
  const worked = gits.some((it) => HISTORY.has(it.verb) && !isWithin(after.root, it.folder));
  return (verb === "checkout" || verb === "switch") && says && !isOpenThere && worked;
}

function wayBack(ref: string, was: string | null, is: string | null): string {
  const name = shortRef(ref);
  if (ref.startsWith("refs/remotes/")) return "A person decides whether what was pushed stays.";
  if (ref === "refs/stash")
    return was === null
      ? "A person looks at it with: git stash list"
      : `A person finds what was stashed with: git stash apply ${was}`;
  if (was === null) return `A person takes it away with: git update-ref -d ${ref} ${is ?? ""}`.trimEnd();
  if (is !== null) return `A person puts it back with: git update-ref ${ref} ${was} ${is}`;
  return `A person brings it back with: git ${ref.startsWith("refs/tags/") ? "tag" : "branch"} ${quoted(name)} ${was}`;
}

function shortRef(ref: string): string {
  return ref.replace(/^refs\/(heads|tags|remotes)\//, "").replace(/^refs\/stash$/, "stash");
}
