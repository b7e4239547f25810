import { SignalboxError } from "../../core/errors.ts";
import { runningSessions } from "../../core/workflow/queries.ts";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { countText } from "../output/units.ts";
import { submit, workflowOf } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox pause [workflow]`. */
export function pause(context: Context, input: VerbInput): Promise<number> {
  return submit(context, workflowOf(input), (state) => {
    const running = runningSessions(state).length;
    return {
      command: {
        type: "pause",
        by: context.io.user,
        reason: input.text("note") ?? `paused by ${context.io.user}`,
      },
      said: `${state.id} paused${running === 0 ? "" : `; ${countText(running, "agent")} still ${running === 1 ? "ends its" : "end their"} turn`}`,
      hint: `Go on: signalbox resume ${state.id}`,
    };
  });
}

/** `signalbox cancel [workflow]`. Asks first: a cancelled workflow goes on only after a rewind. */
export function cancel(context: Context, input: VerbInput): Promise<number> {
  return submit(context, workflowOf(input), async (state) => {
    const running = runningSessions(state).length;
    const sure = await confirm(
      context,
      `Cancel ${state.id}${running === 0 ? "" : ` and end ${countText(running, "agent")}`}?`,
      input.flag("yes"),
    );
    if (!sure) throw new SignalboxError("user", "not-confirmed", `${state.id} was not cancelled`);
    return {
      command: { type: "cancel", by: context.io.user, reason: input.text("note") ?? "" },
      said: `${state.id} cancelled; its branches and worktrees are kept`,
      hint: `See what is left: signalbox clean ${state.id} --dry-run`,
    };
  });
}
