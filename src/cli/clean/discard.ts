/** Throws away what one token names, of what `clean` would preserve or refuse to remove. */
import { SignalboxError } from "../../core/errors.ts";
import type { Repository } from "../../ports/repository.ts";
import type { Project } from "../project.ts";
import { requireUnneeded } from "./carry-out.ts";
import type { CleanPlan, Removal, Staying } from "./plan.ts";

/** What went. Throws `token-unknown`, `token-stale`, and `needed-again` where the workflow goes on with it. */
export async function discardNamed(
  project: Project,
  repositories: ReadonlyMap<string, Repository>,
  plan: CleanPlan,
  token: string,
): Promise<Removal | Staying> {
  const item = [...plan.goes, ...plan.stays].find((one) => one.token === token);
  if (item === undefined) throw unknown(token);
  await requireUnneeded(project, item);
  const repository = repositories.get(item.workflow) ?? project.repository;
  await repository.discard(item.workflow, { path: item.path, branch: item.branch }, token);
  return item;
}

function unknown(token: string): SignalboxError {
  return new SignalboxError(
    "user",
    "token-unknown",
    `Nothing here has the token ${token}: a commit or a file has changed since it was printed, so all of it stays`,
    ["To see what is there, with its present tokens: signalbox clean --dry-run"],
  );
}
