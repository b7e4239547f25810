/**
 * The package managers that `dependencies: auto` knows: their lockfiles, where they put what they install, and the command that installs
 * exactly what the lockfile says. Every command copies or clones files out of the manager's cache: a hard link into it would let an edit in
 * one worktree change all the others.
 */

export type ManagerId = "npm" | "pnpm" | "yarn" | "bun" | "uv" | "pip" | "cargo" | "go";

export interface Manager {
  readonly id: ManagerId;
  /** File names; of two in one folder the first counts. */
  readonly lockfiles: readonly string[];
  /** Managers of one family put their files at the same place: one of them is used in a folder. */
  readonly family: "node" | "python" | "shared";
  /** Folders beside the lockfile of which one holds what was installed; empty where nothing is put into the project. */
  readonly homes: readonly string[];
  /** A tree of it can be copied and is then nobody else's. */
  readonly copyable: boolean;
  /** Said of what needs nothing. */
  readonly remark?: string;
}

const MODULES = ["node_modules"];

/** In order of preference within a family. */
export const MANAGERS: readonly Manager[] = [
  {
    id: "npm",
    lockfiles: ["npm-shrinkwrap.json", "package-lock.json"],
    family: "node",
    homes: MODULES,
    copyable: true,
  },
  { id: "pnpm", lockfiles: ["pnpm-lock.yaml"], family: "node", homes: MODULES, copyable: false },
  { id: "yarn", lockfiles: ["yarn.lock"], family: "node", homes: MODULES, copyable: true },
  { id: "bun", lockfiles: ["bun.lock", "bun.lockb"], family: "node", homes: MODULES, copyable: false },
  { id: "uv", lockfiles: ["uv.lock"], family: "python", homes: [".venv"], copyable: false },
  { id: "pip", lockfiles: ["requirements.txt"], family: "python", homes: [".venv", "venv"], copyable: false },
  {
    id: "cargo",
    lockfiles: ["Cargo.lock"],
    family: "shared",
    homes: [],
    copyable: false,
    remark: "crates come from cargo's shared cache; target/ starts empty",
  },
  {
    id: "go",
    lockfiles: ["go.sum"],
    family: "shared",
    homes: [],
    copyable: false,
    remark: "modules and builds come from go's shared caches",
  },
];

/** What decides between spellings of an install. */
export interface InstallFacts {
  /** yarn 2 or later. */
  readonly modernYarn: boolean;
  /** Folder of the environment that pip fills. */
  readonly home: string;
  /** Interpreter that makes it. */
  readonly python: string;
}

/** Shell commands that install exactly what the lockfile says, run beside it; none where nothing is to be installed. */
export function installCommands(id: ManagerId, facts: InstallFacts): readonly string[] {
  switch (id) {
    case "npm":
      return ["npm ci --prefer-offline --no-audit --no-fund"];
    case "pnpm":
      return ["pnpm install --frozen-lockfile --prefer-offline --config.package-import-method=clone-or-copy"];
    case "yarn":
      return [
        facts.modernYarn
          ? "yarn install --immutable"
          : "yarn install --frozen-lockfile --prefer-offline --non-interactive",
      ];
    case "bun":
      return ["bun install --frozen-lockfile --backend=copyfile"];
    case "uv":
      return ["uv sync --frozen --link-mode copy"];
    case "pip":
      return [
        `${quoted(facts.python)} -m venv ${facts.home}`,
        `${facts.home}/bin/python -m pip install --disable-pip-version-check --no-input -r requirements.txt`,
      ];
    case "cargo":
    case "go":
      return [];
    default:
      return id satisfies never;
  }
}

/** The program that must be on the PATH. */
export function programOf(id: ManagerId): string {
  return id === "pip" ? "python3" : id;
}

/** True where a command of the author's own installs what this manager would: it is left to that command then. */
export function installsItself(id: ManagerId, command: string): boolean {
  const words: Readonly<Record<ManagerId, RegExp>> = {
    npm: /\bnpm\s+(?:ci|i|install)\b/,
    pnpm: /\bpnpm\s+(?:i|install)\b/,
    yarn: /\byarn(?:\s+install\b|\s*(?:$|&&|;))/,
    bun: /\bbun\s+(?:ci|i|install)\b/,
    uv: /\buv\s+(?:sync|pip)\b/,
    pip: /\b(?:pip3?|uv\s+pip|-m\s+pip)\s+install\b|-m\s+venv\b/,
    cargo: /$^/,
    go: /$^/,
  };
  return words[id].test(command);
}

function quoted(text: string): string {
  return /^[\w./+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
