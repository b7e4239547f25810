import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { provisionLogPath } from "../../adapters/provision/log.ts";
import { SignalboxError } from "../../core/errors.ts";
import { BASE_SUBJECT } from "../../core/workflow/effect-id.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { plainText } from "../output/plain.ts";
import type { Journals } from "../project.ts";
import { resolveSubject } from "../subject.ts";

/** What preparing one worktree printed. */
interface Log {
  /** Folder of the worktree, such as `login.1.1`. */
  readonly worktree: string;
  readonly text: string;
}

/** `signalbox logs <slot|base> --provision`: what preparing its worktrees printed, those of its attempts and of its commits. */
export async function provisionLogs(
  context: Context,
  { commonDir }: Journals,
  state: WorkflowState,
  reference: string,
): Promise<number> {
  const subject = reference === BASE_SUBJECT ? BASE_SUBJECT : resolveSubject(state, reference);
  const logs = await logsOf(commonDir, state, subject);
  if (logs.length === 0) throw noLog(state, subject);
  const { output } = context;
  if (context.json) output.json({ workflow: state.id, subject, logs });
  else
    for (const { worktree, text } of logs)
      output.answer(`${output.style.bold(worktree)}\n${plainText(text).trimEnd()}\n`);
  return EXIT.done;
}

async function logsOf(commonDir: string, state: WorkflowState, subject: string): Promise<readonly Log[]> {
  const folder = join(provisionLogPath(commonDir, state.id, "x"), "..");
  const commits = commitsOf(state, subject).map((commit) => `review-${commit.slice(0, 12)}`);
  const names = (await readdir(folder).catch(() => [])).map((name) => basename(name, ".log")).toSorted();
  const own = names.filter((name) => isAttempt(name, subject));
  const wanted = [...own, ...commits.filter((name) => names.includes(name))];
  return Promise.all(
    [...new Set(wanted)].map(async (worktree) => ({
      worktree,
      text: await readFile(join(folder, `${worktree}.log`), "utf8"),
    })),
  );
}

/** `<slot>.<epoch>.<attempt>`; a slot's id may itself have dots. */
function isAttempt(name: string, subject: string): boolean {
  return name.startsWith(`${subject}.`) && /^\d+\.\d+$/.test(name.slice(subject.length + 1));
}

function commitsOf(state: WorkflowState, subject: string): readonly string[] {
  if (subject === BASE_SUBJECT) return [state.plan.base.commit];
  const rounds = state.deliverables[subject]?.rounds ?? [];
  return rounds.flatMap((round) => (round.commit === undefined ? [] : [round.commit]));
}

function noLog(state: WorkflowState, subject: string): SignalboxError {
  return new SignalboxError("user", "no-provision-output", `No worktree was prepared for ${subject} here`, [
    "What a fresh worktree gets stands under provision in signalbox.yaml; see what is in force: signalbox config",
    `See where it stands: signalbox show ${subject === BASE_SUBJECT ? "" : `${subject} `}-w ${state.id}`,
  ]);
}
