/** What the text of a manifest or of a decision record says, as far as rules about protected files need it. */

/** Names of scripts that two manifests do not share, in order of their names. A text that is no JSON counts as without scripts. */
export function changedScripts(before: string, after: string): readonly string[] {
  const [old, present] = [scriptsOf(before), scriptsOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(present)])].toSorted();
  return names.filter((name) => JSON.stringify(old[name]) !== JSON.stringify(present[name]));
}

function scriptsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const manifest: unknown = JSON.parse(text);
    const scripts =
      manifest !== null && typeof manifest === "object" && "scripts" in manifest ? manifest.scripts : null;
    return scripts !== null && typeof scripts === "object" ? { ...scripts } : {};
  } catch {
    return {};
  }
}

/** An ADR is known by a folder or by the beginning of its file name, never by a part of a word (domain §11). */
export function isAdrPath(path: string): boolean {
  const folders = path.toLowerCase().split("/");
  const name = folders.pop() ?? "";
  return (
    folders.some((folder) => folder === "adr" || folder === "adrs" || folder === "decisions") ||
    /^adr[-_]/.test(name)
  );
}

/** `Status: Accepted`, `**Status:** BASELINED`, `| Status | ACCEPTED |`, or a heading `Status` with the word below it. */
const STATUS_LINE = /^[\s|>*_#-]*status[\s|:*_]*\b(accepted|baselined)\b/im;
const STATUS_HEADING = /^#+\s*status\s*\n+[\s*_]*(accepted|baselined)\b/im;

/** True when the text of a decision record says that it is accepted or baselined (AE-004). */
export function hasAcceptedStatus(text: string): boolean {
  return STATUS_LINE.test(text) || STATUS_HEADING.test(text);
}
