/** The environment of commands that a project asks for: checks and provisioning steps (design §11 no. 11). */
import { tmpdir } from "node:os";
import type { RunSettings } from "../../core/definition.ts";
import { pathIn, placeVariables, type RunPlace, variablesIn } from "../environment/place.ts";

type Source = Readonly<Record<string, string | undefined>>;

const KEPT = ["PATH", "HOME", "LANG", "TMPDIR"] as const;

/**
 * PATH, HOME, LANG and TMPDIR of `source`, then what the place says about itself, then the variables named in `env.pass`,
 * then `env.set` with the ports of the place. Nothing else.
 */
export function commandEnvironment(
  source: Source,
  env: RunSettings["env"],
  place: RunPlace,
): Readonly<Record<string, string>> {
  const base = {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    LANG: "C.UTF-8",
    TMPDIR: tmpdir(),
    ...pick(source, KEPT),
  };
  return {
    ...base,
    PATH: pathIn(base.PATH, place),
    ...placeVariables(place),
    ...pick(
      source,
      env.pass.filter((name) => name !== "PATH"),
    ),
    ...variablesIn(env.set, place.ports),
  };
}

/** Where package managers keep their caches and how they reach their registries; locations and proxies, no secrets. */
const INSTALLING = [
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"],
  ...["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "PIP_CERT"],
  ...[
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "PNPM_HOME",
    "COREPACK_HOME",
    "YARN_CACHE_FOLDER",
  ],
  ...[
    "BUN_INSTALL_CACHE_DIR",
    "UV_CACHE_DIR",
    "PIP_CACHE_DIR",
    "PIP_INDEX_URL",
    "UV_INDEX_URL",
    "PYENV_ROOT",
  ],
] as const;

/** Nobody is there to be asked, and hooks belong to the repository's configuration, which is the user's. */
const UNATTENDED = { CI: "true", HUSKY: "0", LEFTHOOK: "0", SKIP_INSTALL_SIMPLE_GIT_HOOKS: "1" } as const;

/** The same for installs by a package manager: with its caches and proxies, and without git hooks being installed. */
export function installEnvironment(
  source: Source,
  env: RunSettings["env"],
  place: RunPlace,
): Readonly<Record<string, string>> {
  return { ...pick(source, INSTALLING), ...UNATTENDED, ...commandEnvironment(source, env, place) };
}

function pick(source: Source, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = source[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
