/** How effects ended. An outcome counts only while its effect is outstanding; anything later is stale and changes nothing. */
import { toMs } from "../instant.ts";
import type { OutcomeCommand, Rejection } from "./command.ts";
import { onChecked } from "./decide-checks.ts";
import { onCommitted } from "./decide-commit.ts";
import { onIntegrated, onIntegrationFailed } from "./decide-integration.ts";
import { onDelivered } from "./decide-live.ts";
import { onOrdered } from "./decide-order.ts";
import { onProvisionFailed } from "./decide-provision.ts";
import { onSessionDispatched, onSessionEnded } from "./decide-session.ts";
import type { Draft } from "./draft.ts";
import type { CleanupEffect, Effect } from "./effect.ts";
import { allEffects } from "./next-effects.ts";
import { adoptionOf, requireDeliverable, requirePlanned } from "./queries.ts";
import { onJoined } from "./rejoin.ts";
import { endWait } from "./service.ts";
import { failDeliverable, pause, retryOrFail, stale } from "./trouble.ts";

export function onOutcome(draft: Draft, command: OutcomeCommand): Rejection | null {
  if (command.type === "session-ended") return onSessionEnded(draft, command);
  const effect = allEffects(draft.state).find((e) => e.id === command.effect);
  if (effect === undefined) return stale(command.effect);
  switch (command.type) {
    case "session-dispatched":
      return effect.kind === "session"
        ? onSessionDispatched(draft, effect, command.conversation)
        : stale(command.effect);
    case "provisioned":
      return effect.kind === "provision" ? onProvisioned(draft, effect.subject) : stale(command.effect);
    case "joined":
      return effect.kind === "join" ? onJoined(draft, effect, command) : stale(command.effect);
    case "provision-failed":
      return onProvisionFailed(draft, effect, command.message);
    case "committed":
      return effect.kind === "commit" ? onCommitted(draft, effect, command.report) : stale(command.effect);
    case "checked":
      return effect.kind === "checks" ? onChecked(draft, effect, command.results) : stale(command.effect);
    case "integrated":
      return effect.kind === "integrate" ? onIntegrated(draft, effect, command) : stale(command.effect);
    case "ordered":
      return effect.kind === "order" ? onOrdered(draft, effect, command.forecasts) : stale(command.effect);
    case "integration-failed":
      return effect.kind === "integrate"
        ? onIntegrationFailed(draft, effect, command.failure)
        : stale(command.effect);
    case "effect-failed":
      return onEffectFailed(draft, effect, command);
    case "cleaned":
      return effect.kind === "cleanup" ? onCleaned(draft, effect) : stale(command.effect);
    case "woken":
      return effect.kind === "timer" ? onWoken(draft, effect) : stale(command.effect);
    case "delivered":
      return effect.kind === "deliver"
        ? onDelivered(draft, effect.message.id, command)
        : stale(command.effect);
    default:
      return command satisfies never;
  }
}

function onProvisioned(draft: Draft, subject: string): null {
  const planned = requirePlanned(draft.state, subject);
  draft.emit({ type: "round.started", subject, round: 1 });
  const deliverable = requireDeliverable(draft.state, subject);
  const adopted = adoptionOf(draft.state, deliverable, deliverable.attempt);
  if (adopted !== undefined) {
    const revision = `Adopted by ${adopted.by} from ${adopted.from}`;
    draft.emit({ type: "round.noted", subject, patch: { revision } });
    draft.move(subject, "commit", { summary: revision });
    return null;
  }
  if (!planned.byPerson) {
    draft.move(subject, "create");
    return null;
  }
  draft.emit({ type: "deliverable.manual", subject, manual: true });
  draft.move(subject, "waiting");
  const what = planned.makes.kind === "file" ? planned.makes.path : "a change";
  draft.ask(
    "user-artifact",
    subject,
    `A person makes ${what} on branch ${requireDeliverable(draft.state, subject).branch ?? ""}`,
    ["done", "skip", "cancel"],
  );
  return null;
}

function onEffectFailed(
  draft: Draft,
  effect: Effect,
  {
    message,
    unknown,
    blocked = false,
    everywhere = false,
  }: Extract<OutcomeCommand, { type: "effect-failed" }>,
): Rejection | null {
  if (unknown && "subject" in effect && draft.state.deliverables[effect.subject] !== undefined) {
    draft.move(effect.subject, "waiting", { error: message });
    draft.askBlocking(
      "unknown-effect",
      effect.subject,
      `It cannot be known whether ${effect.kind} happened: ${message}`,
      ["rerun", "skip", "cancel"],
    );
    return null;
  }
  if (everywhere) {
    pause(draft, `Nothing can go on: ${message}`, "unknown-effect");
    return null;
  }
  if (["provision", "join", "commit", "session"].includes(effect.kind) && "subject" in effect) {
    const trouble = blocked ? failDeliverable : retryOrFail;
    trouble(draft, effect.subject, `${effect.kind} failed: ${message}`);
    return null;
  }
  if (effect.kind === "cleanup") return onCleaned(draft, effect);
  if (effect.kind === "deliver")
    return onDelivered(draft, effect.message.id, { type: "delivered", effect: effect.id, problem: message });
  if (effect.kind === "checks" && draft.state.deliverables[effect.subject] !== undefined) {
    const trouble = blocked ? failDeliverable : retryOrFail;
    trouble(draft, effect.subject, `Checks could not be run: ${message}`);
    return null;
  }
  pause(draft, `${effect.kind} failed: ${message}`, "unknown-effect");
  return null;
}

function onCleaned(draft: Draft, { subject, branch }: CleanupEffect): null {
  draft.emit({ type: "deliverable.cleaned", subject, branch });
  return null;
}

function onWoken(draft: Draft, effect: Extract<Effect, { kind: "timer" }>): Rejection | null {
  if (toMs(draft.at) < toMs(effect.at)) return { code: "not-yet", message: `it is before ${effect.at}` };
  const wait = draft.state.service?.until;
  if (wait !== undefined && toMs(wait) <= toMs(draft.at)) endWait(draft);
  for (const deliverable of Object.values(draft.state.deliverables)) {
    if (deliverable.notBefore === undefined || toMs(deliverable.notBefore) > toMs(draft.at)) continue;
    draft.emit({
      type: "deliverable.delayed",
      subject: deliverable.id,
      tries: deliverable.tries,
      until: null,
    });
  }
  return null;
}
