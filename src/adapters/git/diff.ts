/** Unified diff for a reader with limited space: generated and binary files are only named. */
import type { CommitId } from "../../core/vocabulary.ts";
import type { Git } from "./git.ts";

interface Stat {
  readonly path: string;
  /** Null for a binary file. */
  readonly lines: { readonly added: number; readonly removed: number } | null;
}

const GENERATED =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Cargo\.lock|poetry\.lock|uv\.lock|Pipfile\.lock|composer\.lock|Gemfile\.lock|go\.sum|flake\.lock)$|\.min\.(js|css)$|\.(js|css)\.map$/;

const FLAGS = ["--no-ext-diff", "--no-textconv", "--no-color", "-M", "--src-prefix=a/", "--dst-prefix=b/"];

/** At most `maxBytes` of UTF-8 text, cut at a line end with a last line that says so. */
export async function diffText(
  git: Git,
  base: CommitId,
  commit: CommitId,
  maxBytes: number,
): Promise<string> {
  const stats = parseNumstat(
    (await git.run(["diff", ...FLAGS, "--no-renames", "--numstat", "-z", base, commit])).stdout,
  );
  const named = stats.filter((stat) => stat.lines === null || GENERATED.test(stat.path));
  const shown = stats.filter((stat) => !named.includes(stat));
  const header = named.map(nameLine).join("");
  if (shown.length === 0) return cut(Buffer.from(header), maxBytes);
  // One excluded path per named file; the pathspecs are literal everywhere else, exclusion needs their magic.
  const exclude = named.map((stat) => `:(top,exclude,literal)${stat.path}`);
  const args = ["diff", ...FLAGS, base, commit, "--", ":(top)", ...exclude];
  const { stdout } = await git.run(args, { env: { GIT_LITERAL_PATHSPECS: "0" } });
  return cut(Buffer.concat([Buffer.from(header), stdout]), maxBytes);
}

function nameLine(stat: Stat): string {
  if (stat.lines === null) return `Binary file, not shown: ${stat.path}\n`;
  return `Generated file, not shown: ${stat.path} (+${stat.lines.added} -${stat.lines.removed})\n`;
}

function parseNumstat(output: Buffer): readonly Stat[] {
  return output
    .toString("utf8")
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const [added = "-", removed = "-", ...path] = line.split("\t");
      const lines = added === "-" ? null : { added: Number(added), removed: Number(removed) };
      return { path: path.join("\t"), lines };
    });
}

function cut(bytes: Buffer, maxBytes: number): string {
  if (bytes.length <= maxBytes) return bytes.toString("utf8");
  const note = `[diff cut: ${bytes.length} bytes in all]\n`;
  const room = Math.max(0, maxBytes - Buffer.byteLength(note));
  const end = bytes.lastIndexOf(0x0a, room - 1) + 1;
  return bytes.subarray(0, end).toString("utf8") + note;
}
