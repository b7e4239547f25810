/** Files of one commit for readers that cannot wait. */
import type { CommitId } from "../../core/vocabulary.ts";
import type { Repository } from "../../ports/repository.ts";

/**
 * Calls `use` with a reader of files at `commit`. What `use` asks for and is not known yet is fetched, then `use` runs again; it must
 * be free of side effects. Files of a definition and of configuration are read from the base commit (design §11 no. 14).
 */
export async function withFilesAt<T>(
  repository: Repository,
  commit: CommitId,
  use: (readFile: (path: string) => string | null) => T,
): Promise<T> {
  const known = new Map<string, string | null>();
  for (;;) {
    const missing = new Set<string>();
    const result = use((path) => {
      const text = known.get(path);
      if (text === undefined) missing.add(path);
      return text ?? null;
    });
    if (missing.size === 0) return result;
    await Promise.all(
      [...missing].map(async (path) => known.set(path, await repository.readFile(commit, path))),
    );
  }
}
