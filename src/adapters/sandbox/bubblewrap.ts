/** What a confined agent sees, as the arguments of `bwrap`. Pure: what is there was looked up before. */

/** A file or folder of the machine at a place inside. */
export interface Mount {
  readonly from: string;
  readonly at: string;
  readonly mode: "read" | "write";
}

/** Absolute, real paths throughout: a link on the way would be followed in the wrong tree. */
export interface SandboxView {
  /** Where the program starts; links in it are fine. */
  readonly cwd: string;
  /** Folder of the session alone; it stands at all of `temporary` and may be written. */
  readonly own: string;
  readonly temporary: readonly string[];
  /** Folders that are empty inside: sockets in them would be ways out. */
  readonly empty: readonly string[];
  /** Everything else is as on the machine, for reading only. */
  readonly mounts: readonly Mount[];
  /** Variables that differ inside. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * No capability, no process but its own, no terminal of ours; it dies with us. `--cap-drop` is for root, who could make the tree
 * writable again; `--new-session` also gives it a process group that can be signalled without ending `bwrap` itself.
 */
const APART = [
  "--die-with-parent",
  "--new-session",
  "--unshare-pid",
  "--unshare-ipc",
  "--cap-drop",
  "ALL",
] as const;

/** Switches of the kernel: for root they can be written in any `/proc`, and one of them names a program that the kernel starts. */
const KERNEL = ["sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "scsi"].flatMap((name) => [
  "--ro-bind-try",
  `/proc/${name}`,
  `/proc/${name}`,
]);

const MACHINE = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", ...KERNEL] as const;

interface Placed {
  readonly at: string;
  /** Of two at the same place the higher one counts. */
  readonly rank: 0 | 1 | 2;
  readonly words: readonly string[];
}

/** Everything in front of the program and its own arguments. The network is that of the machine: the model service is reached by it. */
export function bubblewrapArguments(view: SandboxView): readonly string[] {
  const { cwd, own, temporary, empty, mounts, env } = view;
  const placed: readonly Placed[] = [
    ...empty.map((at) => ({ at, rank: 0 as const, words: ["--tmpfs", at] })),
    ...temporary.map((at) => ({ at, rank: 0 as const, words: ["--bind", own, at] })),
    ...mounts.map(placeOf),
  ];
  return [
    ...APART,
    ...MACHINE,
    ...placed.toSorted(outerFirst).flatMap(({ words }) => words),
    "--chdir",
    cwd,
    ...Object.entries(env).flatMap(([name, value]) => ["--setenv", name, value]),
    "--",
  ];
}

function placeOf({ from, at, mode }: Mount): Placed {
  return mode === "write"
    ? { at, rank: 2, words: ["--bind", from, at] }
    : { at, rank: 1, words: ["--ro-bind", from, at] };
}

/** What lies deeper comes later: a mount hides everything that was put below it before. */
function outerFirst(a: Placed, b: Placed): number {
  return depth(a.at) - depth(b.at) || a.rank - b.rank;
}

function depth(path: string): number {
  return path.split("/").filter((part) => part !== "").length;
}

/** True for the folder itself and everything below it. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/**
 * Paths that would be covered and are needed: what the program, its arguments and its environment name below a covered folder.
 * A covered folder itself is never needed.
 */
export function neededBelow(covered: readonly string[], named: readonly string[]): readonly string[] {
  const paths = named
    .flatMap((text) => text.split(":"))
    .filter((text) => text.startsWith("/"))
    .map((path) => path.replace(/\/+$/, ""));
  const inCovered = paths.filter((path) => covered.some((folder) => isInside(folder, path)));
  return [...new Set(inCovered)].filter((path) => !covered.includes(path));
}
