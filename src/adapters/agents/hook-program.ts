/** Where the small programs of ours are that an agent starts: the write-boundary hook, the bridge to our tools. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Beside the bundle that holds this module, one folder up, or in the build of a source checkout. */
const PLACES = ["./hooks/", "../hooks/", "../../../dist/hooks/"] as const;

/** Absolute path of `hooks/<name>.js`; null when it was not built. */
export function findProgram(name: "write-boundary" | "session-tools"): string | null {
  return (
    PLACES.map((place) => fileURLToPath(new URL(`${place}${name}.js`, import.meta.url))).find((file) =>
      existsSync(file),
    ) ?? null
  );
}

/** The write-boundary hook. */
export function findHook(): string | null {
  return findProgram("write-boundary");
}
