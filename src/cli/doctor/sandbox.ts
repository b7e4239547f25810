/** Whether agents can be confined by the system here: bubblewrap is tried, not believed. */
import { probeBubblewrap } from "../../adapters/sandbox/probe.ts";
import type { Context } from "../context.ts";
import { settingsAt } from "../planning/settings.ts";
import type { Project } from "../project.ts";
import type { Finding } from "./finding.ts";

export async function sandboxFinding({ io }: Context, { repository }: Project): Promise<Finding> {
  const [{ commit }, probed] = await Promise.all([
    repository.head(),
    probeBubblewrap(io.env, [repository.root]),
  ]);
  const settings = commit === null ? null : (await settingsAt(repository, commit, io, {})).settings;
  const isWanted = (settings?.overrides.sandbox ?? settings?.run.sandbox) === "bubblewrap";
  const asked = isWanted ? "agents are confined" : "not asked for (sandbox: none)";
  if (probed.ok)
    return {
      level: "ok",
      subject: "sandbox",
      text: `bubblewrap ${probed.version} was tried and confines here; ${asked}`,
    };
  if (!isWanted) return { level: "ok", subject: "sandbox", text: `${asked}; ${probed.reason}` };
  return {
    level: "bad",
    subject: "sandbox",
    text: `bubblewrap is asked for and does not confine here: ${probed.reason}`,
    why: "no agent is started without it",
    fix: probed.hint,
  };
}
