import { SignalboxError } from "../../core/errors.ts";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { resolveReference } from "../resolve.ts";
import { submit } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox rewind <checkpoint>`. */
export function rewind(context: Context, input: VerbInput): Promise<number> {
  return submit(context, input.text("workflow"), async (state) => {
    const made = state.checkpoints.filter((entry) => entry.commit !== null).map((entry) => entry.id);
    const checkpoint = resolveReference(input.argument(0) ?? "", [...new Set(made)], {
      name: "checkpoint",
      listing: "signalbox status --json",
    });
    const entry = state.checkpoints.findLast((one) => one.id === checkpoint);
    const sure = await confirm(
      context,
      `Take ${state.id} back to ${checkpoint} (${entry?.recoveryPoint ?? "unknown"})? Later work stays reachable.`,
      input.flag("yes"),
    );
    if (!sure) throw new SignalboxError("user", "not-confirmed", `${state.id} stays where it is`);
    return {
      command: { type: "rewind", checkpoint, by: context.io.user, note: input.text("note") ?? "" },
      said: `${state.id} goes back to ${checkpoint}`,
    };
  });
}
