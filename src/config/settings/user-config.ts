import { posix } from "node:path";

/**
 * Absolute path of the user's configuration: `$XDG_CONFIG_HOME/signalbox/config.yaml`, by default below `~/.config`.
 * A relative `XDG_CONFIG_HOME` does not count. Null where there is no home either.
 */
export function userConfigPath(env: Readonly<Record<string, string | undefined>>): string | null {
  const { XDG_CONFIG_HOME: configured, HOME: home } = env;
  if (configured !== undefined && posix.isAbsolute(configured))
    return posix.join(configured, "signalbox", "config.yaml");
  return home === undefined || home === "" ? null : posix.join(home, ".config", "signalbox", "config.yaml");
}
