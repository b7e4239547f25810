/**
 * The environment of agents: little enough that nothing of the user's shell leaks into a session, and what a login, a proxy and a locale need.
 * Everything else has to be named in `env.pass` or `env.set`.
 */
import type { RunSettings } from "../../core/definition.ts";
import { pathIn, placeVariables, type RunPlace, variablesIn } from "./place.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const NAMES: readonly string[] = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TERM",
  "TMPDIR",
  "TZ",
  "XDG_CONFIG_HOME",
  "XDG_CACHE_HOME",
  "XDG_DATA_HOME",
  "XDG_RUNTIME_DIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "NODE_EXTRA_CA_CERTS",
  "CLAUDE_CONFIG_DIR",
  "API_TIMEOUT_MS",
  "DISABLE_TELEMETRY",
  "DISABLE_AUTOUPDATER",
  "DISABLE_ERROR_REPORTING",
  "IS_SANDBOX",
  "SIGNALBOX_SCENARIO",
  "SIGNALBOX_CLAUDE_BIN",
];

/** Names that belong to the agent's own login and transport. */
const PREFIXES: readonly string[] = ["ANTHROPIC_", "CLAUDE_CODE_"];

/** Variables that a Claude session of the user's sets for its children; passed on they would make ours believe to be nested. */
const NEVER: ReadonlySet<string> = new Set([
  "CLAUDECODE",
  "CLAUDE_CODE_ENTRYPOINT",
  "CLAUDE_CODE_SSE_PORT",
  "CLAUDE_CODE_SESSION_ID",
]);

/** `place` is the worktree of the session; without one (a judge) there are no ports and the PATH is the user's. */
export function agentEnvironment(
  env: Environment,
  settings: Pick<RunSettings, "env">,
  place: RunPlace | null = null,
): Readonly<Record<string, string>> {
  const names = new Set([...NAMES, ...settings.env.pass]);
  const passed = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && !NEVER.has(name) && isPassed(name, names) ? [[name, value] as const] : [],
  );
  const taken: Readonly<Record<string, string>> = Object.fromEntries(passed);
  return {
    ...taken,
    ...(place === null || taken.PATH === undefined ? {} : { PATH: pathIn(taken.PATH, place) }),
    ...(place === null ? {} : placeVariables(place)),
    ...variablesIn(settings.env.set, place?.ports),
  };
}

function isPassed(name: string, names: ReadonlySet<string>): boolean {
  return names.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));
}
