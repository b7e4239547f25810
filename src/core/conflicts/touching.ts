/**
 * Whether the changes of two lines can meet at all. Where they cannot, a merge takes both as they are and git need not be asked.
 * The answer errs on one side only: what does not meet here never conflicts.
 */

/** How a path differs from the base, renames not looked for: a rename is a deletion and an addition. */
export interface ChangedPath {
  readonly path: string;
  readonly change: "added" | "deleted" | "changed";
}

export interface Changes {
  readonly paths: ReadonlySet<string>;
  readonly added: readonly string[];
  /** Folders that hold something that changed. */
  readonly folders: ReadonlySet<string>;
  /** Folders that are gone. A rename of a folder moves what the other side adds below it. */
  readonly goneFolders: ReadonlySet<string>;
}

export function changesOf(files: readonly ChangedPath[], goneFolders: readonly string[]): Changes {
  const folders = new Set<string>();
  for (const { path } of files) {
    for (const folder of foldersOf(path)) {
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return {
    paths: new Set(files.map(({ path }) => path)),
    added: files.filter(({ change }) => change === "added").map(({ path }) => path),
    folders,
    goneFolders: new Set(goneFolders),
  };
}

/** Paths at which the two meet; none = their merge is clean, whatever is in them. */
export function touching(one: Changes, other: Changes): readonly string[] {
  const [few, many] = one.paths.size < other.paths.size ? [one, other] : [other, one];
  const met = new Set<string>();
  for (const path of few.paths) if (many.paths.has(path) || many.folders.has(path)) met.add(path);
  for (const path of many.paths) if (few.folders.has(path)) met.add(path);
  for (const path of moved(one, other)) met.add(path);
  for (const path of moved(other, one)) met.add(path);
  return [...met].toSorted();
}

/** What one adds below a folder that the other may have renamed. */
function moved(one: Changes, other: Changes): readonly string[] {
  const { goneFolders, added } = other;
  if (goneFolders.size === 0 || added.length === 0) return [];
  return one.added.filter((path) => foldersOf(path).some((folder) => goneFolders.has(folder)));
}

/** `a/b/c` lies in `a/b` and `a`, nearest first. */
function foldersOf(path: string): readonly string[] {
  const folders: string[] = [];
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1))
    folders.push(path.slice(0, at));
  return folders;
}
