/** Our record of what a worktree was given. It lies in the worktree's admin folder, so that it goes with the worktree and no commit can hold it. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { RunSettings } from "../../core/definition.ts";
import { readJsonIfThere } from "../fs/read-file.ts";
import { replaceFile } from "../fs/replace-file.ts";
import { PROVISIONED } from "../git/admin.ts";

export interface Marker {
  readonly version: 1;
  /** Hash of the settings that were carried out. */
  readonly settings: string;
  readonly done: boolean;
  /** Everything that was brought, in earlier runs too: none of it is ever committed. */
  readonly paths: readonly string[];
  /** Those of this run: taken back when the run did not end well. */
  readonly fresh: readonly string[];
  /** Dependencies that were brought; they may be taken away again when nobody works there. */
  readonly trees?: readonly BroughtTree[];
  /** True once they were taken away. */
  readonly released?: boolean;
}

/** What one lockfile brought. */
export interface BroughtTree {
  /** Folder of the lockfile, relative to the worktree. */
  readonly folder: string;
  /** Folders with packages, relative to `folder`. */
  readonly homes: readonly string[];
  /** Name under which the tree can be handed on; null where it belongs to this place. */
  readonly name: string | null;
}

/** Where the record of a tree is kept (see `stampTree`). */
export function stampFile(admin: string, index: number): string {
  return join(admin, `signalbox-tree-${index}.json`);
}

/** Null where nothing was recorded yet. */
export function readMarker(admin: string): Promise<Marker | null> {
  return readJsonIfThere<Marker>(join(admin, PROVISIONED));
}

export function writeMarker(admin: string, marker: Marker): Promise<void> {
  return replaceFile(join(admin, PROVISIONED), `${JSON.stringify(marker)}\n`);
}

/** What `settings` ask of a worktree, as a name. */
export function settingsHash({ provision, env }: RunSettings, use: string): string {
  return createHash("sha256")
    .update(JSON.stringify([provision, env, use]))
    .digest("hex");
}
