import { onTestFinished } from "vitest";
import { openRepository } from "../../src/adapters/git/index.ts";
import { TEST_ENV, tempRepository } from "../../src/adapters/git/testing/temp-repository.ts";
import { promising } from "../simulation/world/direct.ts";
import { type EngineRepository, MemoryRepository } from "../simulation/world/repository.ts";
import { repositoryContract } from "./repository-contract.ts";

repositoryContract("git", async () => {
  const place = await tempRepository();
  onTestFinished(() => place.remove());
  const repository = await openRepository(place.root, { env: TEST_ENV });
  return { repository, write: (worktree, path, content) => place.write(path, content, worktree) };
});

repositoryContract("memory", async () => {
  const memory = new MemoryRepository(() => "2026-02-20T10:00:00Z", {
    "README.md": "hello\n",
    "src/a.txt": "one\n",
  });
  return {
    repository: promising<EngineRepository>(memory),
    write: async (worktree, path, content) => void memory.put(worktree, path, content),
  };
});
