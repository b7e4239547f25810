/** What an environment says about the folder in which something runs. */
import { existsSync } from "node:fs";
import { delimiter, isAbsolute, join, relative } from "node:path";
import { namesPort, portVariables, withPorts } from "../../core/ports.ts";

type Variables = Readonly<Record<string, string>>;

/** The worktree that something runs in, and the ports that belong to it. */
export interface RunPlace {
  readonly worktree: string;
  /** The user's checkout. */
  readonly root?: string;
  readonly ports?: { readonly first: number; readonly count: number } | null;
}

/**
 * The PATH as it is right in a worktree: folders of the user's checkout (`node_modules/.bin`, which package managers put
 * there, or an activated environment) become those of the worktree, and an environment that was prepared there comes first.
 * The programs of the checkout would otherwise test the checkout.
 */
export function pathIn(path: string, { root, worktree }: RunPlace): string {
  const folders = path
    .split(delimiter)
    .map((folder) => (root === undefined ? folder : moved(folder, root, worktree)));
  const home = virtualEnvironment(worktree);
  const all = home === null ? folders : [join(home, "bin"), ...folders];
  return [...new Set(all)].join(delimiter);
}

function moved(folder: string, root: string, worktree: string): string {
  if (!isAbsolute(folder)) return folder;
  const inside = relative(root, folder);
  const isOutside = inside === ".." || inside.startsWith("../") || isAbsolute(inside);
  return isOutside || !relative(worktree, folder).startsWith("..") ? folder : join(worktree, inside);
}

function virtualEnvironment(worktree: string): string | null {
  const home = [".venv", "venv"].find((name) => existsSync(join(worktree, name, "pyvenv.cfg")));
  return home === undefined ? null : join(worktree, home);
}

/** Variables of the place: its ports, and the environment that was prepared in it. */
export function placeVariables({ worktree, ports }: RunPlace): Variables {
  const home = virtualEnvironment(worktree);
  return {
    ...(ports == null ? {} : portVariables(ports.first, ports.count)),
    ...(home === null ? {} : { VIRTUAL_ENV: home }),
  };
}

/** `env.set` with the ports of the place; without ports, variables that name one are left out. */
export function variablesIn(set: Variables, ports: RunPlace["ports"]): Variables {
  const entries = Object.entries(set).filter(([, value]) => ports != null || !namesPort(value));
  return Object.fromEntries(
    entries.map(([name, value]) => [name, ports == null ? value : withPorts(value, ports.first)]),
  );
}
