/** Records a landing and says what came of it. Record after deed: what is on the target is found there again if the record gets lost. */
import type { CoordinatorClient } from "../../adapters/coordinator/client.ts";
import type { Landing } from "../../core/workflow/deliverable.ts";
import type { Landed, LandingRequest } from "../../engine/landing-place.ts";
import { typist } from "../agent-typing.ts";
import type { Context } from "../context.ts";
import { RejectedError } from "../output/report-error.ts";

/** `subject` is what the journal calls it: a slot, or `workflow`. */
export async function recordLanding(
  context: Context,
  client: CoordinatorClient,
  workflow: string,
  request: LandingRequest,
  landed: Landed,
  subject: string = request.subject,
): Promise<void> {
  const { way, target } = request;
  const { commit, url } = landed;
  const result = await client.submit(workflow, {
    type: "landed",
    subject,
    way,
    target,
    commit,
    ...(url === undefined ? {} : { url }),
    by: typist(context.io),
  });
  if (!result.ok) throw new RejectedError(result.rejection);
  if (!context.json) context.output.success(landedText(request.subject, target, way, landed));
}

function landedText(
  name: string,
  target: string,
  way: Landing["way"],
  { commit, already, url, checks }: Landed,
): string {
  const id = commit.slice(0, 8);
  if (way === "pr") return `${name}: pull request to ${target}, ${url ?? id}`;
  const again = already ? ", as an earlier call had done already" : "";
  const checked =
    checks === null ? "" : `, ${checks.length === 1 ? "its check passes" : "its checks pass"} there`;
  return `${name} landed on ${target} as ${id}${way === "push" ? " and is pushed" : ""}${again}${checked}`;
}
