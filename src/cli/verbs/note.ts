import type { Severity } from "../../core/vocabulary.ts";
import type { Context } from "../context.ts";
import { resolveReference } from "../resolve.ts";
import { resolveSubject } from "../subject.ts";
import { submit } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox note <subject> <text>`. */
export function note(context: Context, input: VerbInput): Promise<number> {
  return submit(context, input.text("workflow"), (state) => {
    const subject = resolveSubject(state, input.argument(0) ?? "");
    const application = input.text("application");
    const lesson = input.flag("lesson");
    return {
      command: {
        type: "note",
        by: context.io.user,
        subject,
        text: input.words(1).join(" "),
        lesson,
        ...(application === undefined ? {} : { application }),
      },
      said: `${lesson ? "lesson" : "note"} on ${subject} recorded`,
    };
  });
}

/** `signalbox block <subject> <text>`. */
export function block(context: Context, input: VerbInput): Promise<number> {
  return submit(context, input.text("workflow"), (state) => {
    const subject = resolveSubject(state, input.argument(0) ?? "");
    const owner = input.text("owner");
    const severity = (input.text("severity") ?? "HIGH") as Severity; // one of the declared choices of the option
    return {
      command: {
        type: "block",
        by: context.io.user,
        subject,
        text: input.words(1).join(" "),
        severity,
        ...(owner === undefined ? {} : { owner }),
      },
      said: `${subject} is blocked`,
      hint: "See its id: signalbox status",
    };
  });
}

/** `signalbox unblock <blocker> <resolution>`. */
export function unblock(context: Context, input: VerbInput): Promise<number> {
  return submit(context, input.text("workflow"), (state) => {
    const blocker = resolveReference(
      input.argument(0) ?? "",
      state.blockers.map((one) => one.id),
      { name: "blocker", listing: "signalbox status" },
    );
    return {
      command: { type: "unblock", by: context.io.user, blocker, resolution: input.words(1).join(" ") },
      said: `${blocker} resolved`,
    };
  });
}
