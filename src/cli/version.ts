import { readFileSync } from "node:fs";

/** Version of this package, read from its `package.json`, which lies two folders above both the source and the bundle. */
export function packageVersion(): string {
  try {
    const parsed: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    if (typeof parsed === "object" && parsed !== null && "version" in parsed && typeof parsed.version === "string") return parsed.version;
  } catch {
    // Installed in an unusual way: the version is only shown, never acted on.
  }
  return "unknown";
}
