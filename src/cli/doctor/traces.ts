/** What sessions left outside their worktrees, and settings that are not obeyed because they came while sessions ran. */
import { hasEnded } from "../../core/workflow/queries.ts";
import type { Context } from "../context.ts";
import { plainLine } from "../output/plain.ts";
import { loadAll, type Project } from "../project.ts";
import type { Finding } from "./finding.ts";

/** Most traces of one workflow that are shown. */
const SHOWN = 5;

export async function traceFindings({ io }: Context, project: Project): Promise<readonly Finding[]> {
  const [{ distrustedSettings, trustFile }, { recordedTrespasses }, { gitEnvironment }] = await Promise.all([
    import("../../adapters/git/config-trust.ts"),
    import("../../adapters/git/surroundings.ts"),
    import("../../adapters/git/git.ts"),
  ]);
  const { commonDir } = project;
  const distrusted = await distrustedSettings(commonDir, gitEnvironment(io.env));
  const { states } = await loadAll(project);
  const traces = await Promise.all(
    states.filter((state) => !hasEnded(state)).map(({ id }) => recordedTrespasses(commonDir, id)),
  );
  return [
    ...distrusted.map(
      ({ key, value, session }): Finding => ({
        level: "warn",
        subject: "settings",
        text: `git's ${key} = ${plainLine(value).slice(0, 80)} came while ${session} ran; signalbox does not obey it`,
        fix: `To take it away: git config --unset-all ${key}; where it is your own, to obey it: rm '${trustFile(commonDir)}'`,
      }),
    ),
    ...traces.flatMap((sessions) =>
      sessions.flatMap(({ session, found }) => found.map((one) => trace(session, one))).slice(0, SHOWN),
    ),
  ];
}

function trace(
  session: string,
  { evidence, action, name }: { readonly evidence: string; readonly action: string; readonly name: string },
): Finding {
  return {
    level: "warn",
    subject: "sessions",
    text: `${session}: ${name}: ${plainLine(evidence)}`,
    fix: plainLine(action),
  };
}
