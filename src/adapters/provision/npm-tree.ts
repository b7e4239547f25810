/**
 * Whether a folder `node_modules` is exactly what a lockfile asks for, judged from the manager's own record in it. Anything else
 * (packages left out, linked or added by hand) would make work pass here that fails elsewhere.
 */

/** An entry of `package-lock.json` or of `node_modules/.package-lock.json`. */
interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly optional?: boolean;
}

type Entries = Readonly<Record<string, Entry>>;

export interface InstalledTree {
  /** Paths of the installed packages with their versions, relative to the lockfile's folder; links have null. */
  readonly packages: ReadonlyMap<string, string | null>;
  /** Folders `node_modules`, relative to the lockfile's folder: the own one first, then those of workspace members. */
  readonly homes: readonly string[];
}

/** The tree that both texts describe; null where they differ, or where one is not of a kind that can be compared. */
export function npmTree(lockfile: string, hidden: string): InstalledTree | null {
  const wanted = entriesOf(lockfile);
  const present = entriesOf(hidden);
  if (wanted === null || present === null) return null;
  const paths = new Set([...Object.keys(wanted), ...Object.keys(present)].filter(isInstalledPath));
  for (const path of paths) if (!agree(wanted[path], present[path])) return null;
  const packages = new Map(
    Object.entries(present)
      .filter(([path]) => isInstalledPath(path))
      .map(([path, entry]) => [path, entry.link === true ? null : (entry.version ?? null)]),
  );
  return { packages, homes: homesOf([...packages.keys()]) };
}

/** How many packages a `package-lock.json` asks for; null where that cannot be read. */
export function npmPackageCount(lockfile: string): number | null {
  const entries = entriesOf(lockfile);
  return entries === null ? null : Object.keys(entries).filter(isInstalledPath).length;
}

function entriesOf(text: string): Entries | null {
  try {
    const { packages } = JSON.parse(text) as { readonly packages?: Entries };
    return typeof packages === "object" && packages !== null ? packages : null;
  } catch {
    return null;
  }
}

function isInstalledPath(path: string): boolean {
  return path.startsWith("node_modules/") || path.includes("/node_modules/");
}

/** A package that is optional may be missing: it is for another platform. */
function agree(wanted: Entry | undefined, present: Entry | undefined): boolean {
  if (wanted === undefined) return false;
  if (present === undefined) return wanted.optional === true;
  if ((wanted.link === true) !== (present.link === true)) return false;
  if (wanted.link === true) return wanted.resolved === present.resolved && staysInside(wanted.resolved);
  return (
    wanted.version === present.version &&
    (wanted.integrity === undefined ||
      present.integrity === undefined ||
      wanted.integrity === present.integrity)
  );
}

/** A linked package outside the project would not be there beside a worktree. */
function staysInside(resolved: string | undefined): boolean {
  return resolved !== undefined && !resolved.startsWith("..") && !resolved.startsWith("/");
}

function homesOf(paths: readonly string[]): readonly string[] {
  const homes = paths.map((path) => `${path.split("node_modules/")[0] ?? ""}node_modules`);
  return [...new Set(["node_modules", ...homes])];
}

/** The same for yarn 1: `yarn.lock` against `node_modules/.yarn-integrity`, which names no versions. */
export function yarnTree(lockfile: string, integrity: string): InstalledTree | null {
  const wanted = yarnEntries(lockfile);
  const record = parseIntegrity(integrity);
  if (wanted === null || record?.lockfileEntries === undefined) return null;
  const entries = Object.entries(record.lockfileEntries);
  const same = entries.length === wanted.size && entries.every(([name, at]) => wanted.get(name) === at);
  const changed = [...(record.flags ?? []), ...(record.linkedModules ?? [])].length > 0;
  if (!same || changed) return null;
  return { packages: new Map(), homes: [...new Set(["node_modules", ...(record.modulesFolders ?? [])])] };
}

interface YarnIntegrity {
  readonly modulesFolders?: readonly string[];
  readonly flags?: readonly string[];
  readonly linkedModules?: readonly string[];
  readonly lockfileEntries?: Readonly<Record<string, string>>;
}

function parseIntegrity(text: string): YarnIntegrity | null {
  try {
    return JSON.parse(text) as YarnIntegrity; // yarn's own file; what it lacks is handled above
  } catch {
    return null;
  }
}

/** Pattern to resolved address; null for the lockfile of another yarn, or with an entry that has no address. */
function yarnEntries(lockfile: string): ReadonlyMap<string, string> | null {
  if (!lockfile.includes("# yarn lockfile v1")) return null;
  const entries = new Map<string, string>();
  for (const block of lockfile.split(/\n\n+/)) {
    const heading = /^([^\s#].*):$/m.exec(block)?.[1];
    if (heading === undefined) continue;
    const resolved = /^ {2}resolved "([^"]+)"$/m.exec(block)?.[1];
    if (resolved === undefined) return null;
    for (const pattern of heading.split(", ")) entries.set(pattern.replace(/^"|"$/g, ""), resolved);
  }
  return entries;
}
