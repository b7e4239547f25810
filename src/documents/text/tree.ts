/** Paths as a tree drawing. */

interface Folder {
  readonly [name: string]: Folder;
}

/** Files below `root`, sorted by name in every folder, folders marked with `/`. */
export function pathTree(paths: readonly string[], root: string): readonly string[] {
  const tree = [...paths]
    .map((path) => (path.startsWith(root) ? path.slice(root.length) : path))
    .sort()
    .reduce<Folder>((folder, path) => insert(folder, path.split("/")), {});
  return [root, ...lines(tree, "")];
}

function insert(folder: Folder, [name, ...rest]: readonly string[]): Folder {
  if (name === undefined) return folder;
  const inner = Object.hasOwn(folder, name) ? (folder[name] ?? {}) : {};
  return { ...folder, [name]: rest.length === 0 ? inner : insert(inner, rest) };
}

function lines(folder: Folder, indent: string): readonly string[] {
  const names = Object.keys(folder);
  return names.flatMap((name, index) => {
    const last = index === names.length - 1;
    const inner = folder[name] ?? {};
    const isFolder = Object.keys(inner).length > 0;
    return [
      `${indent}${last ? "└── " : "├── "}${name}${isFolder ? "/" : ""}`,
      ...lines(inner, `${indent}${last ? "    " : "│   "}`),
    ];
  });
}
