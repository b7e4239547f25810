import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of this package: the nearest one above this file whose `package.json` is ours, for source and bundle alike; null when it cannot be found. */
export function packageRoot(): string | null {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (manifestAt(folder) !== null) return folder;
    const above = dirname(folder);
    if (above === folder) return null;
    folder = above;
  }
}

/** Version of this package; `unknown` when it is installed in an unusual way. */
export function packageVersion(): string {
  const root = packageRoot();
  return (root === null ? null : manifestAt(root)) ?? "unknown";
}

/** Version in our own manifest; null for none and for those of others. */
function manifestAt(folder: string): string | null {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (typeof parsed !== "object" || parsed === null || !("name" in parsed) || parsed.name !== "signalbox")
      return null;
    return "version" in parsed && typeof parsed.version === "string" ? parsed.version : null;
  } catch {
    return null;
  }
}
