/**
 * What is wrong with a path of the repository as a person wrote it, or null. Paths are relative, use `/`, stay inside and
 * out of `.git`. Whether a link in the way leads out is for the one who opens it.
 */
export function pathFault(path: string): string | null {
  if (path.includes("\\")) return "contains a backslash";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "is absolute";
  if (path.startsWith("~")) return "starts in a home folder";
  if (hasControlCharacter(path)) return "contains a control character";
  const segments = path.split("/");
  if (segments.includes("..")) return "leaves the repository";
  if (segments.some((segment) => segment.toLowerCase() === ".git")) return "reaches into .git";
  return cleanPath(path) === "" ? "names no file" : null;
}

/** The same for a glob: a leading `!` would turn a boundary into its opposite. */
export function globFault(glob: string): string | null {
  return glob.startsWith("!") ? "is negated" : pathFault(glob);
}

/** Without `./` and doubled separators; a final `/` stays. */
export function cleanPath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return parts.join("/") + (path.endsWith("/") && parts.length > 0 ? "/" : "");
}

/** True for line breaks, tabs and everything else below the space, and for DEL. */
export function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < " " || character === "\u007f");
}
