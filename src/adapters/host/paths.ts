/** Where sessions and their host keep files. */
import { hostname } from "node:os";
import { join } from "node:path";

/** Longest name of a session folder; longer ids end in a hash. */
const LONGEST_NAME = 180;

/** Folder of one session: `<common dir>/signalbox/<workflow>/sessions/<id>`. */
export function sessionFolder(commonDir: string, workflow: string, id: string): string {
  return join(commonDir, "signalbox", workflow, "sessions", encodeId(id));
}

/** An effect id as a file name: `/` becomes `+`, everything unusual is percent-encoded, so that no two ids meet. */
export function encodeId(id: string): string {
  const name = encodeURIComponent(id).replaceAll("%2F", "+").replaceAll("*", "%2A").replace(/^\./, "%2E");
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 17)}-${hash(id)}`;
}

/** Folder of this machine's host for a repository: its lease, address and log. */
export function hostFolder(commonDir: string): string {
  return join(commonDir, "signalbox", ".host", encodeId(hostname()));
}

/**
 * Mark that every process of a session carries in its environment. It names the folder and not only the id, because
 * the same id exists in every clone of a repository.
 */
export function sessionMarker(folder: string): { readonly name: string; readonly value: string } {
  return { name: "SIGNALBOX_SESSION_KEY", value: hash(folder) };
}

/** First 16 hex digits of a SHA-256. Loads the module with the first call: a command that looks does without. */
export function hash(text: string): string {
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
