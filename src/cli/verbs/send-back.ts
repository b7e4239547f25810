import { SignalboxError } from "../../core/errors.ts";
import type { LineComment } from "../../core/workflow/command.ts";
import { isUnanswered } from "../../core/workflow/comment.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Context } from "../context.ts";
import { resolveSlot } from "../landing/slots.ts";
import { countText } from "../output/units.ts";
import { submitOn } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox send-back <slot> "…" [--comment path:line: text]...`: the same conversation goes on with what the person says. */
export function sendBack(context: Context, input: VerbInput): Promise<number> {
  const reference = input.argument(0) ?? "";
  const comments = input.list("comment").map(parseComment);
  return submitOn(context, { workflow: input.text("workflow"), slots: [reference] }, async (state) => {
    const subject = resolveSlot(state, reference);
    const told = (state.deliverables[subject]?.comments ?? []).filter(isUnanswered).length + comments.length;
    const said = `${subject} goes back to its agent`;
    return {
      command: {
        type: "send-back",
        subject,
        text: input.words(1).join(" "),
        comments: await checked(context, state, subject, comments),
        by: context.io.user,
      },
      said: told === 0 ? said : `${said} with ${countText(told, "comment")}`,
    };
  });
}

/** Git is needed only to look up lines. */
async function checked(
  { io }: Context,
  state: WorkflowState,
  subject: string,
  comments: readonly LineComment[],
): Promise<readonly LineComment[]> {
  if (comments.length === 0) return [];
  const { checkedComments } = await import("./comparing.ts");
  return checkedComments(io, state, subject, comments);
}

/** `src/a.ts:12: text`, or `src/a.ts: text` for the whole file. */
function parseComment(text: string): LineComment {
  const parts = /^([^:\s][^:]*?)(?::(\d+))?:\s+(\S[\s\S]*)$/.exec(text.trim());
  if (parts?.[1] === undefined || parts[3] === undefined)
    throw new SignalboxError("user", "bad-comment", `--comment ${JSON.stringify(text)} names no place`, [
      "For example: --comment 'src/login.ts:12: trim the name first'",
    ]);
  return { path: parts[1], line: parts[2] === undefined ? null : Number(parts[2]), text: parts[3].trim() };
}
