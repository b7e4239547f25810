/** Where the write-boundary hook program is. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Beside the bundle that holds this module, one folder up, or in the build of a source checkout. */
const PLACES = [
  "./hooks/write-boundary.js",
  "../hooks/write-boundary.js",
  "../../../dist/hooks/write-boundary.js",
] as const;

/** Absolute path; null when the program was not built. */
export function findHook(): string | null {
  return (
    PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((file) => existsSync(file)) ??
    null
  );
}
