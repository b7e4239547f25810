/** What `git merge` really does, in a checkout, one pair after the other. */

import { TEST_ENV } from "../../src/adapters/git/testing/temp-repository.ts";
import { runProgram } from "../../src/adapters/process/spawn.ts";

/** Content of a tree: path to `<mode> <id>`. */
export type Listing = ReadonlyMap<string, string>;

export type RealMerge =
  | { readonly clean: true; readonly tree: string; readonly base: string; readonly content: Listing }
  | {
      readonly clean: false;
      readonly unrelated: boolean;
      /** Paths without a merged version. */
      readonly files: readonly string[];
      /** What git said: some conflicts leave no such path, as a file that made way for a folder. */
      readonly said: string;
    };

/** One shell for all: a process per command is what takes the time. */
const SCRIPT = `
while read -r first second; do
  git reset -q --hard && git clean -ffdxq && git checkout -q -f --detach "$first" || exit 9
  printf 'pair\\0'
  if git merge -q --no-edit "$second" >"$OUT" 2>&1; then
    printf 'clean\\0%s\\0%s\\0' "$(git rev-parse 'HEAD^{tree}')" "$(git merge-base "$first" "$second")"
    git ls-tree -r -z --full-tree HEAD; printf '\\0'
  elif grep -q 'unrelated histories' "$OUT"; then
    printf 'unrelated\\0'
  elif grep -q CONFLICT "$OUT"; then
    printf 'conflict\\0'
    git ls-files -u -z; printf '\\0'; cat "$OUT"; printf '\\0'
  else
    cat "$OUT" >&2; exit 8
  fi
done
`;

/** Merges the second of each pair into the first, in `checkout`; `scratch` is a file to write to. */
export async function realMerges(
  checkout: string,
  scratch: string,
  pairs: readonly (readonly [first: string, second: string])[],
): Promise<readonly RealMerge[]> {
  const result = await runProgram("/bin/sh", ["-c", SCRIPT], {
    cwd: checkout,
    env: { ...TEST_ENV, OUT: scratch, LC_ALL: "C" },
    input: pairs.map((pair) => `${pair.join(" ")}\n`).join(""),
    maxBytes: 512 * 1024 * 1024,
  });
  if (result.code !== 0) throw new Error(`git merge ended with ${result.code}: ${result.stderr}`);
  return parse(result.stdout);
}

function parse(output: Buffer): readonly RealMerge[] {
  const fields = output.toString("utf8").split("\0");
  const found: RealMerge[] = [];
  let at = 0;
  const next = (): string => fields[at++] ?? "";
  const list = (): readonly string[] => {
    const lines: string[] = [];
    for (let line = next(); line !== ""; line = next()) lines.push(line);
    return lines;
  };
  while (next() === "pair") {
    const how = next();
    if (how === "unrelated") found.push({ clean: false, unrelated: true, files: [], said: "" });
    else if (how === "conflict") {
      const files = new Set(list().map((line) => withoutSide(line.slice(line.indexOf("\t") + 1))));
      found.push({ clean: false, unrelated: false, files: [...files].toSorted(), said: next() });
    } else {
      const [tree, base] = [next(), next()];
      found.push({ clean: true, tree, base, content: listing(list()) });
    }
  }
  return found;
}

/** Content of a commit. */
export async function contentOf(root: string, commit: string): Promise<Listing> {
  const args = ["ls-tree", "-r", "-z", "--full-tree", commit];
  const { stdout } = await runProgram("git", args, { cwd: root, env: TEST_ENV });
  return listing(stdout.toString("utf8").split("\0").slice(0, -1));
}

function listing(lines: readonly string[]): Listing {
  return new Map(
    lines.map((line) => {
      const tab = line.indexOf("\t");
      const [mode = "", , id = ""] = line.slice(0, tab).split(" ");
      return [line.slice(tab + 1), `${mode} ${id}`];
    }),
  );
}

/** Where a file cannot keep its name, git gives it that of its side. */
function withoutSide(path: string): string {
  return path.replace(/~(HEAD|[0-9a-f]{40})(_\d+)?$/, "");
}
