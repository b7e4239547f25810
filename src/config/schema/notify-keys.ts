/** `notify`: where a waiting question is announced. */
import { z } from "zod";
import { QUESTION_KINDS } from "../../core/notify.ts";
import type { QuestionKind } from "../../core/workflow/question.ts";
import { choice, oneOrMany, webAddress } from "./leaves.ts";

const [first = "plan", ...others] = QUESTION_KINDS;
const kinds = oneOrMany(choice<[QuestionKind, ...QuestionKind[]]>([first, ...others]))
  .optional()
  .describe("Kinds of questions that are announced there. Default all.");

const channel = z.union([
  choice(["terminal", "desktop", "none"]),
  z.strictObject({
    desktop: z.strictObject({ kinds }).optional().describe("A notice on the desktop of who runs it."),
    webhook: z
      .strictObject({
        url: webAddress.describe("Address, or $NAME for the environment variable that holds it."),
        kinds,
      })
      .optional()
      .describe("A POST of one JSON object."),
  }),
]);

export const notify = oneOrMany(channel)
  .optional()
  .describe("Where a waiting question is announced. Default [terminal].");
