import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { eventually } from "../../../test/support/eventually.ts";
import { landingWorktrees } from "../../core/landing/queue-text.ts";
import { openRepository } from "../git/index.ts";
import { landingOwner } from "../git/landing-queue.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "../git/testing/temp-repository.ts";
import { landingClearer } from "./clear-landing.ts";
import { runShell } from "./shell.ts";

let repo: TempRepository;
beforeEach(async () => {
  repo = await tempRepository();
});
afterEach(() => repo.remove());

it("ends the checks of a dead landing and removes their worktree, and nothing of a landing on another target", async () => {
  const repository = await openRepository(repo.root, { env: TEST_ENV });
  const commit = await repo.git(["rev-parse", "HEAD"]);
  const landing = { workflow: "w", slots: ["login"], way: "here", since: "", pid: 1, host: "h" } as const;
  const running = await Promise.all(
    ["main", "release/2"].map(async (target) => {
      const { path } = await repository.addReviewWorktree(landingWorktrees("w", target), commit);
      const owner = landingOwner(repository.commonDir, target);
      const command = "touch begun; exec tail -f /dev/null";
      const ended = runShell({ command, cwd: path, env: TEST_ENV, timeoutMs: 60_000, owner });
      await eventually("the check", () => existsSync(join(path, "begun")));
      return { path, ended };
    }),
  );
  const clear = landingClearer(repository);
  await clear({ ...landing, target: "main" });
  expect((await running[0]?.ended)?.timedOut).toBe(false);
  expect((await repository.worktrees()).map(({ path }) => path)).toEqual([repo.root, running[1]?.path]);
  await clear({ ...landing, target: "release/2" });
  expect((await running[1]?.ended)?.timedOut).toBe(false);
  expect(await repository.worktrees()).toHaveLength(1);
});
