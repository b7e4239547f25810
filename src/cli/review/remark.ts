/** `signalbox review <slot> --comment`, `--resolve` and `--comments`: what a person says to lines of the work under review. */
import { openReviewedWork } from "../../adapters/git/reviewed-work.ts";
import { SignalboxError } from "../../core/errors.ts";
import { parsePlace } from "../../core/review/place.ts";
import { isUnanswered, placeText } from "../../core/workflow/comment.ts";
import { requireDeliverable } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { notUnderReview, underReview } from "../../core/workflow/under-review.ts";
import type { Context } from "../context.ts";
import { screenWidth } from "../io.ts";
import { resolveSlot } from "../landing/slots.ts";
import { EXIT } from "../output/exit-code.ts";
import { page } from "../output/page.ts";
import { RejectedError } from "../output/report-error.ts";
import { submitOn } from "../submit.ts";
import type { VerbInput } from "../verb.ts";
import { checkedComments } from "./checked-comments.ts";
import { commentLines } from "./comment-lines.ts";
import { commentDocument, commentViews } from "./comments.ts";

/** Records a remark on a place of the commit under review. Throws where there is no such place. */
export function addComment(
  context: Context,
  input: VerbInput,
  reference: string,
  named: string,
): Promise<number> {
  const text = input.words(1).join(" ");
  const place = parsePlace(named);
  const example = `signalbox review ${reference} --comment src/login.ts:12 "trim the name first"`;
  if (place === null) throw badUse(`--comment ${named} names no file of the repository`, example);
  if (text.trim() === "") throw badUse(`The comment on ${placeText(place)} has no words`, example);
  const workflow = input.text("workflow");
  return submitOn(context, { workflow, slots: [reference] }, async (state) => {
    const subject = resolveSlot(state, reference);
    const commit = underReview(state, subject)?.commit;
    if (commit === undefined) throw new RejectedError(notUnderReview(state, subject));
    const [comment = { ...place, text }] = await checkedComments(context.io, state, subject, [
      { ...place, text },
    ]);
    return {
      command: { type: "comment", subject, commit, comment, by: context.io.user },
      said: `${subject}: comment on ${placeText(place)} of ${commit.slice(0, 8)}`,
      hint: `It goes to its agent when you send the work back: signalbox send-back ${subject}`,
      follow: async (client) => {
        const after = await client.open(state.id);
        return { comment: requireDeliverable(after, subject).comments?.at(-1) ?? null };
      },
    };
  });
}

/** Settles a comment for good. */
export function resolveComment(
  context: Context,
  input: VerbInput,
  reference: string,
  id: string,
): Promise<number> {
  const comment = id.toUpperCase();
  return submitOn(context, { workflow: input.text("workflow"), slots: [reference] }, (state) => {
    const subject = resolveSlot(state, reference);
    const open = (state.deliverables[subject]?.comments ?? []).filter(
      (one) => one.id !== comment && isUnanswered(one),
    );
    return {
      command: {
        type: "resolve-comment",
        subject,
        comment,
        text: input.words(1).join(" "),
        by: context.io.user,
      },
      said: `${comment} on ${subject} is resolved`,
      hint:
        open.length === 0
          ? `No comment is open any more: signalbox review ${subject}`
          : `Still open: ${open.map((one) => one.id).join(", ")}`,
    };
  });
}

/** All comments on a slot, the resolved ones too. */
export async function listComments(context: Context, state: WorkflowState, slot: string): Promise<number> {
  const { io, output } = context;
  const standing = requireDeliverable(state, slot);
  const { comments = [], commit } = standing;
  const work = await openReviewedWork(io.cwd, { env: io.env });
  const views = await commentViews(work, standing, commit ?? comments.at(-1)?.commit ?? "");
  if (context.json)
    output.json({ workflow: state.id, slot, commit: commit ?? null, comments: views.map(commentDocument) });
  else if (views.length === 0) tellNone(context, slot);
  else
    await page(
      context,
      `${commentLines(views, { style: output.style, width: screenWidth(io) }, true).join("\n")}\n`,
    );
  return EXIT.done;
}

function tellNone({ output }: Context, slot: string): void {
  output.say(`Nobody has remarked on ${slot} yet`);
  output.hint(`For example: signalbox review ${slot} --comment src/login.ts:12 "trim the name first"`);
}

function badUse(message: string, example: string): SignalboxError {
  return new SignalboxError("user", "bad-comment", message, [`For example: ${example}`]);
}
