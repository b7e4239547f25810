/** What a line of work may do to a tree, picked by a seed. Together they reach every kind of conflict that git knows, and many merges that only look like one. */
import type { Random } from "../chaos/random.ts";

export interface File {
  readonly mode: "100644" | "100755" | "120000" | "160000";
  /** Bytes as latin1; of a submodule its commit. */
  readonly content: string;
}

export type Tree = Map<string, File>;

export type Edit = (tree: Tree, random: Random) => void;

const NAMES = ["new", "notes.txt", "Notes.txt", "src/new.ts", "src/more/deep.ts", "lib/x.ts", "ü ö.txt"];
const FOLDERS = ["src", "lib", "lib/inner", "moved", "src/moved", "docs"];

export function start(random: Random): Tree {
  const tree: Tree = new Map();
  const text = (lines: number, end = "\n"): string =>
    Array.from({ length: lines }, (_, at) => `line ${at} ${Math.floor(random() * 1e6)}${end}`).join("");
  for (const path of ["README.md", "src/a.ts", "src/b.ts", "src/deep/c.ts", "lib/d.ts", "lib/inner/e.ts"])
    tree.set(path, { mode: "100644", content: text(24) });
  tree.set("dos.txt", { mode: "100644", content: text(20, "\r\n") });
  tree.set("large.txt", { mode: "100644", content: text(1500) });
  tree.set("lib/inner/f.ts", { mode: "100644", content: text(12) });
  tree.set("docs/log.md", { mode: "100644", content: text(6) });
  tree.set("run.sh", { mode: "100755", content: text(8) });
  tree.set("logo.bin", { mode: "100644", content: `\0\x01${text(4)}` });
  tree.set("link", { mode: "120000", content: "README.md" });
  tree.set("vendor/sub", { mode: "160000", content: "1".repeat(40) });
  if (random() < 0.4) tree.set(".gitattributes", { mode: "100644", content: attributes(random) });
  return tree;
}

export function put(tree: Tree, path: string, file: File): void {
  for (const other of [...tree.keys()])
    if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) tree.delete(other);
  tree.set(path, file);
}

export function pick<T>(values: readonly T[], random: Random): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}

const anyText = (tree: Tree, random: Random): string | null => {
  const texts = [...tree].filter(([path, { mode }]) => mode.startsWith("100") && !path.startsWith(".git"));
  const busy = texts.find(([path]) => path === "src/a.ts");
  if (busy !== undefined && random() < 0.3) return busy[0];
  return texts.length === 0 ? null : pick(texts, random)[0];
};

const withText = (edit: (tree: Tree, path: string, file: File, random: Random) => void): Edit => {
  return (tree, random) => {
    const path = anyText(tree, random);
    const file = path === null ? undefined : tree.get(path);
    if (path !== null && file !== undefined) edit(tree, path, file, random);
  };
};

const editLine = withText((tree, path, file, random) => {
  const lines = file.content.split("\n");
  const at = Math.floor(random() * lines.length);
  lines[at] = `${lines[at]?.endsWith("\r") ? "edited\r" : "edited"}${Math.floor(random() * 3)}`;
  tree.set(path, { ...file, content: lines.join("\n") });
});

const append = withText((tree, path, file, random) =>
  tree.set(path, { ...file, content: `${file.content}end ${Math.floor(random() * 4)}\n` }),
);

const remove = withText((tree, path) => tree.delete(path));

const chmod = withText((tree, path, file) =>
  tree.set(path, { ...file, mode: file.mode === "100644" ? "100755" : "100644" }),
);

const rename = withText((tree, path, file, random) => {
  tree.delete(path);
  const content = random() < 0.5 ? file.content : `${file.content}after the move ${random()}\n`;
  put(tree, pick(NAMES, random), { ...file, content });
});

const caseRename = withText((tree, path, file) => {
  tree.delete(path);
  const at = path.lastIndexOf("/") + 1;
  put(tree, path.slice(0, at) + path.slice(at).toUpperCase(), file);
});

const toDos = withText((tree, path, file) =>
  tree.set(path, {
    ...file,
    content: file.content.includes("\r")
      ? file.content.replaceAll("\r", "")
      : file.content.replaceAll("\n", "\r\n"),
  }),
);

const toLink = withText((tree, path, _, random) =>
  tree.set(path, { mode: "120000", content: pick(["README.md", "src", "nowhere"], random) }),
);

const toFolder = withText((tree, path, file) => put(tree, `${path}/inside`, file));

const add: Edit = (tree, random) => {
  const content = random() < 0.3 ? "the same everywhere\n" : `new ${Math.floor(random() * 3)}\nfile\n`;
  put(tree, pick(NAMES, random), { mode: random() < 0.2 ? "100755" : "100644", content });
};

const addInFolder: Edit = (tree, random) => {
  const path = `${pick(FOLDERS, random)}/added-${Math.floor(random() * 4)}.ts`;
  put(tree, path, { mode: "100644", content: `added ${Math.floor(random() * 3)}\n` });
};

const binary: Edit = (tree, random) => {
  put(tree, "logo.bin", { mode: "100644", content: `\0\xff${Math.floor(random() * 4)}` });
};

const large: Edit = (tree, random) => {
  const file = tree.get("large.txt");
  if (file === undefined) return;
  const lines = file.content.split("\n");
  lines[Math.floor(random() * lines.length)] = `edited ${random()}`;
  tree.set("large.txt", { ...file, content: lines.join("\n") });
};

const submodule: Edit = (tree, random) => {
  const path = random() < 0.9 ? "vendor/sub" : pick(["lib", "new"], random);
  if (random() < 0.2) tree.delete("vendor/sub");
  else put(tree, path, { mode: "160000", content: pick(["2", "3", "4"], random).repeat(40) });
};

const link: Edit = (tree, random) =>
  put(tree, "link", { mode: "120000", content: pick(["src/a.ts", "lib", "run.sh"], random) });

const renameFolder: Edit = (tree, random) => {
  const from = pick(FOLDERS, random);
  const to = pick(FOLDERS, random);
  if (from === to || to.startsWith(`${from}/`)) return;
  const inside = [...tree].filter(([path]) => path.startsWith(`${from}/`));
  for (const [path] of inside) tree.delete(path);
  const keep = random() < 0.15 ? 1 : 0;
  for (const [index, [path, file]] of inside.entries())
    put(tree, index < keep ? path : to + path.slice(from.length), file);
};

const fileForFolder: Edit = (tree, random) =>
  put(tree, pick(FOLDERS, random), { mode: "100644", content: "a file now\n" });

const attributesEdit: Edit = (tree, random) => {
  const path = random() < 0.7 ? ".gitattributes" : "src/.gitattributes";
  put(tree, path, { mode: "100644", content: attributes(random) });
};

function attributes(random: Random): string {
  return pick(
    ["*.md merge=union\n", "*.ts binary\n", "*.ts -merge\n", "*.bin merge\n", "*.txt merge=union\n"],
    random,
  );
}

const EDITS: readonly (readonly [weight: number, edit: Edit])[] = [
  [8, editLine],
  [4, append],
  [3, rename],
  [2, caseRename],
  [2, remove],
  [2, chmod],
  [3, add],
  [3, addInFolder],
  [1, toDos],
  [1, toLink],
  [1, toFolder],
  [1, binary],
  [1, large],
  [2, submodule],
  [1, link],
  [3, renameFolder],
  [1, fileForFolder],
  [1, attributesEdit],
];
const WEIGHT = EDITS.reduce((sum, [weight]) => sum + weight, 0);

/** One edit by weight. */
export function anyEdit(random: Random): Edit {
  let at = random() * WEIGHT;
  for (const [weight, edit] of EDITS) {
    at -= weight;
    if (at < 0) return edit;
  }
  return editLine;
}
