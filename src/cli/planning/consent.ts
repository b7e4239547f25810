/** Whether the agents may be paid for: asked of a person who sits there, at each start or once for a repository and payer. */
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import type { Project } from "../project.ts";
import { readRemembered, remember } from "../remembered.ts";
import type { Payer } from "./payer.ts";

/** How often a person is asked. */
export type Consent = "every-time" | "once";

/** Asks on a terminal where it costs something; typing the command in a script is agreement enough. `ask` is replaced in tests. */
export async function paymentAgreed(
  context: Context,
  { commonDir }: Project,
  payer: Payer,
  consent: Consent,
  ask: typeof confirm = confirm,
): Promise<boolean> {
  if (!payer.costs || !context.canAsk) return true;
  const { payers = [] } = await readRemembered(commonDir);
  if (consent === "once" && payers.includes(payer.text)) return true;
  const yes = await ask(context, payer.ambiguous ? `Start, paid by ${payer.text}?` : "Start?", false, true);
  if (yes && consent === "once") await remember(commonDir, { payers: [...payers, payer.text] });
  return yes;
}
