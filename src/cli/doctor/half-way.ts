/** Operations of git that stand half done. */
import { recordedPlaces } from "../../adapters/git/recorded-worktrees.ts";
import { unfinishedOperation } from "../../adapters/git/unfinished.ts";
import { shellWord } from "../../core/view/commands-at.ts";
import type { Project } from "../project.ts";
import type { Finding } from "./finding.ts";

/** A merge or rebase that stands half done, in a worktree of ours or in the checkout. */
export async function unfinishedFindings({ repository, commonDir }: Project): Promise<readonly Finding[]> {
  const places = await recordedPlaces(commonDir);
  const own = await unfinishedOperation(commonDir);
  const others = await Promise.all(
    places.map(async (place) => ({ place, operation: await unfinishedOperation(place.admin) })),
  );
  return [
    ...(own === null
      ? []
      : [unfinished(repository.root, own, "land --here refuses until it is over", "your checkout")]),
    ...others.flatMap(({ place: { path, workflow }, operation }) =>
      operation === null
        ? []
        : [
            unfinished(
              path,
              operation,
              "it is forgotten, with its files as they are, when the session's work is committed",
              `a worktree of ${workflow}`,
            ),
          ],
    ),
  ];
}

function unfinished(path: string, operation: string, why: string, what: string): Finding {
  const at = `git -C ${shellWord(path)} ${operation}`;
  return {
    level: "warn",
    subject: "half-way",
    text: `${what} is in the middle of a ${operation}`,
    why,
    evidence: [path],
    fix: `Finish it: ${at} --continue; or take it back: ${at} --abort`,
  };
}
