import { DEFAULTS } from "./defaults.ts";
import type { Settings } from "./settings.ts";
import { toSettings } from "./to-settings.ts";

/** What holds where there is no configuration at all. */
export function builtInSettings(): Settings {
  return toSettings({ merged: DEFAULTS, above: {}, charters: new Map() });
}
