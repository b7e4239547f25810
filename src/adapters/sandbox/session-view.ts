/** What one session sees under bubblewrap, from its spec and from what there is on the machine. */
import { lstatSync, readFileSync, realpathSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { SessionSpec } from "../../ports/session-host.ts";
import { findProgram } from "../agents/hook-program.ts";
import { isInside, type Mount, neededBelow, type SandboxView } from "./bubblewrap.ts";
import { claudeState } from "./claude-state.ts";
import { gitView } from "./git-view.ts";

/** What an adapter needs besides the spec. Absolute paths. */
export interface SandboxNeeds {
  /** The program and its files; looked at only where a covered folder would hide them. */
  readonly readable: readonly string[];
  /** Files of the session that the adapter made, such as the one for its result. */
  readonly writable?: readonly string[];
  /** Claude Code's own folder, where it is the agent. */
  readonly claudeFolder?: string | null;
}

/** Everything that processes of a user share and that is no work: sockets in it would be ways out. */
const TEMPORARY = ["/tmp", "/var/tmp"] as const;
const EMPTY = ["/run"] as const;

/** `base` is a new folder of ours that ends with the session. */
export async function sessionView(
  spec: SessionSpec,
  needs: SandboxNeeds,
  base: string,
): Promise<SandboxView> {
  const covered = coveredBy(spec.env);
  const [inner = "/tmp"] = covered.temporary;
  const own = join(base, "tmp");
  await mkdir(own, { mode: 0o700 });
  const cwd = real(spec.cwd) ?? spec.cwd;
  const git = spec.boundary === null ? null : await gitView(cwd, base, join(inner, ".signalbox-objects"));
  const claude = needs.claudeFolder;
  const state =
    claude === undefined || claude === null
      ? null
      : await claudeState(spec, claude, { own: join(own, "claude"), at: join(inner, "claude") });
  const named = [
    ...Object.values(spec.env),
    ...(spec.command ?? []),
    ...needs.readable,
    ...ownFolder(),
    ...(git === null ? [] : [dirname(git.commonDir), git.commonDir]),
    "/etc/resolv.conf",
    cwd,
  ];
  const all = [...covered.temporary, ...covered.empty];
  const shown = exposed(all, named);
  return {
    cwd: spec.cwd,
    own,
    ...covered,
    mounts: [
      ...shown,
      ...closedSockets(all, shown, named),
      ...(state?.mounts ?? []),
      ...writable([
        ...(spec.sandbox?.writable ?? []).map(expandHome),
        ...(needs.writable ?? []),
        ...(spec.boundary === null ? [] : [spec.boundary]),
      ]),
      ...(git?.mounts ?? []),
    ],
    env: {
      TMPDIR: inner,
      XDG_CACHE_HOME: join(inner, "cache"),
      npm_config_cache: join(inner, "cache", "npm"),
      ...state?.env,
    },
  };
}

/** Our programs that an agent starts take other files of ours with them. */
function ownFolder(): readonly string[] {
  const program = findProgram("write-boundary");
  return program === null ? [] : [dirname(dirname(program))];
}

/** Folders that the session has for itself, and those that are empty for it. */
export function coveredBy(
  env: Readonly<Record<string, string | undefined>>,
): Pick<SandboxView, "temporary" | "empty"> {
  const temporary = folders([...TEMPORARY, tmpdir(), env.TMPDIR]);
  const empty = folders([...EMPTY, process.env.XDG_RUNTIME_DIR, env.XDG_RUNTIME_DIR]);
  return { temporary, empty: empty.filter((folder) => !temporary.includes(folder)) };
}

function folders(paths: readonly (string | undefined)[]): readonly string[] {
  const found = paths.flatMap((path) => (path?.startsWith("/") ? (real(path) ?? []) : []));
  return [...new Set(found)].filter((path) => path !== "/");
}

/** Mounts that make what is needed readable where it is covered. A name and where it leads to may both be covered. */
export function exposed(covered: readonly string[], named: readonly string[]): readonly Mount[] {
  const reals = named.flatMap((text) => text.split(":").flatMap((path) => real(path) ?? []));
  return neededBelow(covered, [...named, ...reals]).flatMap((at) => {
    const from = real(at);
    return from === null ? [] : [{ from, at, mode: "read" as const }];
  });
}

/** Who listens elsewhere, such as a daemon for containers in the home, would act for the session. What its environment names stays. */
function closedSockets(
  covered: readonly string[],
  shown: readonly Mount[],
  named: readonly string[],
): readonly Mount[] {
  const isSeen = (path: string): boolean =>
    shown.some(({ at }) => isInside(at, path)) ||
    ![...covered, "/dev", "/proc"].some((folder) => isInside(folder, path));
  const open = listening().filter((path) => isSeen(path) && !named.includes(path));
  return open.map((at) => ({ from: "/dev/null", at, mode: "read" as const }));
}

/** Real paths of the sockets on this machine that are there. */
function listening(): readonly string[] {
  const lines = readFileSync("/proc/net/unix", "utf8").split("\n");
  const paths = lines.flatMap((line) => / (\/.*)$/.exec(line)?.[1] ?? []);
  const there = paths.flatMap((path) => real(path) ?? []);
  return [...new Set(there)].filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isSocket());
}

function writable(paths: readonly string[]): readonly Mount[] {
  const found = paths.flatMap((path) => real(path) ?? []).filter((path) => path !== "/");
  return [...new Set(found)].map((path) => ({ from: path, at: path, mode: "write" as const }));
}

function expandHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : resolve("/", path);
}

/** Null where there is nothing. */
function real(path: string): string | null {
  if (!isInside("/", path)) return null;
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
