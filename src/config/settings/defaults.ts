/** The built-in values, written like a configuration file, so that they pass the same validation and are shown in the same spelling. */
import { PROTECTED_KINDS } from "../../core/quality/protected-kinds.ts";
import type { AuthoredConfig } from "../schema/config-schema.ts";

/** What holds where nobody says anything (definition format, "Running keys"). */
export const DEFAULTS = {
  use: "claude",
  limits: {
    parallel: 3,
    timeout: "1h",
    idle: "15m",
    turns: 200,
    retries: 2,
    usd: 10,
    session_usd: "none",
    answer: "1h",
    sessions: "none",
  },
  permissions: "deny",
  sandbox: "none",
  inherit: ["instructions"],
  env: { pass: [], set: {} },
  writes: [],
  protect: PROTECTED_KINDS.flatMap(({ globs }) => globs),
  checks: [],
  judge: { samples: 3, max_samples: 7 },
  critic: { mode: "combined" },
  provision: { copy: [], link: [], run: [], dependencies: "auto", timeout: "10m" },
  constitution: ["CLAUDE.md", "AGENTS.md"],
  roles: {},
  escalate: "ask",
  commands: {},
  agents: {},
  finish: { merge: "none", per: "workflow", documents: "keep" },
  merge: { warn: "person", batch: 1, returns: "checks" },
  layout: { folder: "orchestration/{id}", worktrees: "../{repo}-wt", branch_prefix: "signalbox" },
  notify: ["terminal"],
  approvals: { agents: "refuse" },
  behind: "warn",
  fetch: false,
  keep: "7d",
} satisfies AuthoredConfig;
