import type { Context } from "../context.ts";
import { answeredSubject, questionOn } from "../subject.ts";
import { submit } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox approve [subject]`. */
export function approve(context: Context, input: VerbInput): Promise<number> {
  return submit(context, input.text("workflow"), (state) => {
    const subject = answeredSubject(state, input.argument(0));
    const question = questionOn(state, subject);
    const what = question?.commit === undefined ? "" : ` (${question.commit.slice(0, 8)})`;
    return {
      command: { type: "approve", subject, by: context.io.user, note: input.text("note") ?? "" },
      said: `${subject} approved${what}`,
    };
  });
}

/** `signalbox reject [subject] -m why`. */
export function reject(context: Context, input: VerbInput): Promise<number> {
  return submit(context, input.text("workflow"), (state) => {
    const subject = answeredSubject(state, input.argument(0));
    const to = input.text("to");
    return {
      command: {
        type: "reject",
        subject,
        by: context.io.user,
        note: input.text("note") ?? "",
        clean: input.flag("clean"),
        ...(to === undefined ? {} : { to }),
      },
      said: `${subject} rejected`,
    };
  });
}
