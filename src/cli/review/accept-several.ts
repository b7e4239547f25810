/** Several small approvals at once: all that were named are looked at before the first is recorded. */
import { SignalboxError } from "../../core/errors.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { signed } from "../agent-typing.ts";
import type { Context } from "../context.ts";
import { refuseInsideSession } from "../inside-session.ts";
import { resolveSlot } from "../landing/slots.ts";
import { EXIT } from "../output/exit-code.ts";
import { RejectedError, reportError } from "../output/report-error.ts";
import { countText } from "../output/units.ts";
import { type Project, startedCoordinator } from "../project.ts";
import { type BatchEntry, type BatchScreen, shownName, smallOnes } from "./batch.ts";

/** `login` or `login@1a2b3c4d`. Throws `not-small`, naming every one that cannot be accepted so, and what can be done about it. */
export function namedEntries(
  state: WorkflowState,
  entries: readonly BatchEntry[],
  names: readonly string[],
): readonly BatchEntry[] {
  const found = names.map((name) => namedEntry(state, entries, name));
  const refused = found.flatMap((one) => ("problem" in one ? [one] : []));
  if (refused.length > 0)
    throw new SignalboxError(
      "user",
      "not-small",
      `Nothing is accepted: ${refused.map(({ problem }) => problem).join("; ")}`,
      refused.map(({ hint }) => hint),
    );
  return [...new Set(found.flatMap((one) => ("entry" in one ? [one.entry] : [])))];
}

function namedEntry(
  state: WorkflowState,
  entries: readonly BatchEntry[],
  name: string,
): { readonly entry: BatchEntry } | { readonly problem: string; readonly hint: string } {
  const [reference = "", shown] = name.split("@");
  const slot = resolveSlot(state, reference);
  const entry = entries.find(({ waiting }) => waiting.slot === slot);
  const look = `Look at it: signalbox review ${slot}`;
  if (entry === undefined) return { problem: `${slot} does not wait for a yes`, hint: look };
  const { commit, asks } = entry.waiting;
  if (asks === "land")
    return { problem: `${slot} is accepted already`, hint: `To land it: signalbox land ${slot}` };
  if (shown !== undefined && (shown.length < 4 || !commit.startsWith(shown.toLowerCase())))
    return { problem: `${slot} stands at ${commit.slice(0, 8)} now, not at ${shown}`, hint: look };
  if (entry.because !== null)
    return { problem: `${slot} is to be looked at alone, ${entry.because}`, hint: look };
  return { entry };
}

/** Which of the small ones are meant, asked on the terminal; workflows of which nothing was chosen are left out. */
export async function chooseSmall(screens: readonly BatchScreen[]): Promise<readonly BatchScreen[]> {
  const clack = await import("@clack/prompts");
  const small = screens.flatMap(({ state, entries }) =>
    smallOnes(entries).map((entry) => ({ state, entry })),
  );
  const answer = await clack.multiselect<BatchEntry>({
    message: "Accept which? Space marks, Enter accepts what is marked, Esc leaves all",
    options: small.map(({ state, entry }) => ({
      value: entry,
      label: entry.waiting.slot,
      hint: screens.length === 1 ? entry.unit.plan.title : `${state.id}, ${entry.unit.plan.title}`,
    })),
    required: false,
    output: process.stderr,
  });
  if (clack.isCancel(answer)) return [];
  return screens
    .map(({ state, entries }) => ({ state, entries: entries.filter((entry) => answer.includes(entry)) }))
    .filter(({ entries }) => entries.length > 0);
}

/** One approval each, of exactly the commit that was shown; one that is refused keeps none of the others back. */
export async function acceptSeveral(
  context: Context,
  project: Project,
  state: WorkflowState,
  entries: readonly BatchEntry[],
): Promise<number> {
  refuseInsideSession(context, project);
  const commands = await Promise.all(
    entries.map(({ waiting: { slot, commit } }) =>
      signed(context, project, state, {
        type: "approve",
        subject: slot,
        by: context.io.user,
        note: "accepted with others",
        commit,
      }),
    ),
  );
  const client = await startedCoordinator(project, context.io);
  const refused: { readonly slot: string; readonly code: string; readonly message: string }[] = [];
  try {
    for (const [index, command] of commands.entries()) {
      const slot = entries[index]?.waiting.slot ?? "";
      const result = await client.submit(state.id, command);
      if (result.ok) continue;
      refused.push({ slot, code: result.rejection.code, message: result.rejection.message });
      if (!context.json) reportError(new RejectedError(result.rejection), context.output, false);
    }
  } finally {
    client.close();
  }
  return tell(context, state, entries, refused);
}

function tell(
  { output, json }: Context,
  state: WorkflowState,
  entries: readonly BatchEntry[],
  refused: readonly { readonly slot: string; readonly code: string; readonly message: string }[],
): number {
  const accepted = entries
    .map(({ waiting }) => waiting)
    .filter(({ slot }) => refused.every((one) => one.slot !== slot));
  if (json) {
    const done = accepted.map(({ slot, commit }) => ({ slot, commit }));
    output.json({ workflow: state.id, accepted: done, refused });
  } else if (accepted.length > 0) {
    output.success(`${countText(accepted.length, "slot")} accepted: ${accepted.map(shownName).join(", ")}`);
    output.hint(`Watch them being merged: signalbox watch ${state.id}`);
  }
  return refused.length === 0 ? EXIT.done : EXIT.failed;
}
