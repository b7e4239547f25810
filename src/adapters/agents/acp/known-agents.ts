/**
 * What single agents understand beyond the protocol, sent to every agent as `_meta` of a session: others pass over it. Claude Code takes its
 * own limits, and leaves out the settings and hooks of the repository, as with the adapters of its own.
 */
import type { SessionSpec } from "../../../ports/session-host.ts";
import { claudeDefaults, disallowedTools, offeredTools, QUIET_SETTINGS } from "../claude-settings.ts";
import type { Fields } from "../foreign-data.ts";
import { asksPeople } from "./permission.ts";

export function metaOf(spec: SessionSpec): Fields {
  const asks = asksPeople(spec);
  return {
    claudeCode: {
      options: {
        settingSources: [],
        strictMcpConfig: true,
        settings: QUIET_SETTINGS,
        tools: offeredTools(spec, asks),
        disallowedTools: disallowedTools(spec, asks),
        maxTurns: spec.limits.turns,
        ...(spec.limits.usd === null ? {} : { maxBudgetUsd: spec.limits.usd }),
        env: claudeDefaults(spec),
      },
    },
  };
}
