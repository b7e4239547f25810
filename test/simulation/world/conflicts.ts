/** Predicted merges in memory: each pair is merged, and nothing is kept of it. */
import type { Pair, Tip } from "../../../src/core/conflicts/matrix.ts";
import type { Conflicts } from "../../../src/ports/conflicts.ts";
import type { MemoryRepository } from "./repository.ts";

export function memoryConflicts(repository: MemoryRepository): Conflicts {
  return {
    matrix: async (lines) => {
      const tips = lines.flatMap(({ name, revision }): readonly Tip[] => {
        const commit = repository.resolve(revision);
        return commit === null ? [] : [{ name, commit, tree: commit, uncommitted: false }];
      });
      const pairs = tips.flatMap((first, index) =>
        tips.slice(index + 1).map((second) => pairOf(repository, first, second)),
      );
      return { tips, pairs };
    },
  };
}

function pairOf(repository: MemoryRepository, first: Tip, second: Tip): Pair {
  const merged = repository.objects.merge(first.commit, second.commit);
  return {
    first: first.name,
    second: second.name,
    prediction:
      "conflicts" in merged
        ? { result: "conflicts", files: merged.conflicts.map((path) => ({ path, kind: "content" })) }
        : { result: "clean", tree: null },
  };
}
