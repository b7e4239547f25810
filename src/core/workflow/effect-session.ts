/** Which sessions a deliverable wants in its present step, as effects with their prompts. */
import type { RunSettings } from "../definition.ts";
import type { PlannedDeliverable } from "../plan/plan.ts";
import {
  continueRequest,
  creatorRequest,
  critiqueRequest,
  handoffRequest,
  judgeRequest,
  type PromptRequest,
  revisionRequest,
  synthesisRequest,
} from "../prompts/requests.ts";
import { critiqueParts } from "../quality/lenses.ts";
import { panelStatus } from "../quality/panel.ts";
import type { DeliverableState } from "./deliverable.ts";
import type { SessionEffect } from "./effect.ts";
import { deliverableEffectId, sessionTryId } from "./effect-id.ts";
import { effectiveGate } from "./effective-gate.ts";
import { lastRound, requirePlanned } from "./queries.ts";
import { keepsConversations } from "./recovery.ts";
import type { Round } from "./round.ts";
import type { SessionPurpose } from "./session-record.ts";
import type { WorkflowState } from "./state.ts";

export interface SessionWish {
  readonly effect: SessionEffect;
  /** Lower goes first: 0 judge, 1 critic, 2 revision, 3 new work. */
  readonly priority: number;
}

export function sessionEffects(state: WorkflowState, deliverable: DeliverableState): readonly SessionWish[] {
  const { stopping } = deliverable;
  if (stopping === undefined) return wishes(state, deliverable);
  const running = (wish: SessionWish): boolean => wish.effect.dispatched !== undefined;
  return stopping.patient === true ? wishes(state, deliverable).filter(running) : [];
}

function wishes(state: WorkflowState, deliverable: DeliverableState): readonly SessionWish[] {
  const round = lastRound(deliverable);
  if (round === undefined) return [];
  const planned = requirePlanned(state, deliverable.id);
  switch (deliverable.step) {
    case "create":
      return [
        { effect: creatorEffect(state, deliverable, planned, round), priority: round.round > 1 ? 2 : 3 },
      ];
    case "critique":
      return critics(state, deliverable, planned, round);
    case "judge":
      return judges(state, deliverable, planned, round);
    default:
      return [];
  }
}

interface SessionParts {
  readonly purpose: SessionPurpose;
  readonly key: string;
  readonly part: number;
  readonly role: string;
  readonly adapter: string;
  readonly model: string | undefined;
  readonly place: SessionEffect["place"];
  readonly resume?: string;
  readonly fork?: true;
  readonly costBefore: number;
  readonly request: PromptRequest;
}

function sessionEffect(
  state: WorkflowState,
  deliverable: DeliverableState,
  settings: RunSettings,
  round: Round,
  parts: SessionParts,
): SessionEffect {
  const id = sessionTryId(state, deliverableEffectId(state, deliverable, parts.key));
  const record = state.sessions[id];
  const { request } = parts;
  return {
    kind: "session",
    id,
    purpose: parts.purpose,
    subject: deliverable.id,
    epoch: deliverable.epoch,
    attempt: deliverable.attempt,
    round: round.round,
    part: parts.part,
    role: parts.role,
    settings,
    adapter: parts.adapter,
    ...(parts.model === undefined ? {} : { model: parts.model }),
    place: parts.place,
    ...(parts.resume === undefined ? {} : { resume: parts.resume }),
    ...(parts.fork === undefined ? {} : { fork: parts.fork }),
    costBefore: parts.costBefore,
    usd: record === undefined ? null : (record.usd ?? (record.reservedUsd || null)),
    reservedUsd: record?.reservedUsd ?? 0,
    prompt: request.prompt,
    charter: request.charter,
    ...(request.schema === undefined ? {} : { schema: request.schema }),
    tools: request.tools,
    writes: request.writes,
    quote: request.quote,
    ...quoted(deliverable, round, request),
    ...(record === undefined ? {} : { dispatched: record.conversation }),
  };
}

/** Reviewers read exactly the commit under review: named files, or the whole change of a commit. */
function quoted(deliverable: DeliverableState, round: Round, request: PromptRequest): Partial<SessionEffect> {
  if (round.commit === undefined || (request.quote.length === 0 && !request.quoteDiff)) return {};
  const base = request.quoteDiff && deliverable.base !== undefined ? { quoteDiffBase: deliverable.base } : {};
  return { quoteCommit: round.commit, ...base };
}

function creatorEffect(
  state: WorkflowState,
  deliverable: DeliverableState,
  planned: PlannedDeliverable,
  round: Round,
): SessionEffect {
  const adapter = planned.settings.use;
  const resume = keepsConversations(adapter) ? deliverable.conversation : undefined;
  const { restart } = deliverable;
  const forks = restart?.how === "fork" && restart.from === resume;
  return sessionEffect(state, deliverable, planned.settings, round, {
    purpose: purposeOf(planned, round),
    key: `create.r${round.round}`,
    part: 1,
    role: planned.role,
    adapter,
    model: planned.settings.model,
    place: { type: "attempt" },
    ...(resume === undefined ? {} : { resume }),
    ...(forks ? { fork: true } : {}),
    costBefore: resume === undefined ? 0 : deliverable.conversationCost,
    request: creatorPrompt(state, deliverable, planned, round, resume !== undefined),
  });
}

function purposeOf(planned: PlannedDeliverable, round: Round): SessionPurpose {
  if (planned.kind === "handoff" || planned.kind === "synthesis") return planned.kind;
  return round.round > 1 ? "revise" : "create";
}

function creatorPrompt(
  state: WorkflowState,
  deliverable: DeliverableState,
  planned: PlannedDeliverable,
  round: Round,
  resumed: boolean,
): PromptRequest {
  if (planned.kind === "handoff") return handoffRequest(state, planned);
  const interrupted = round.creatorSession === undefined && sessionsOfRound(state, deliverable, round) > 0;
  const missing = round.findings.some((f) => f.source === "integrity");
  if (resumed && (interrupted || missing)) return continueRequest(state, planned);
  if (round.round > 1) return revisionRequest(state, planned);
  return planned.kind === "synthesis" ? synthesisRequest(state, planned) : creatorRequest(state, planned);
}

function sessionsOfRound(state: WorkflowState, deliverable: DeliverableState, round: Round): number {
  const key = `${deliverableEffectId(state, deliverable, `create.r${round.round}`)}.t`;
  return Object.values(state.sessions).filter((s) => s.id.startsWith(key) && s.status === "ENDED").length;
}

/** Critic sessions run one after the other, because the order of strategies matters (H-16). */
function critics(
  state: WorkflowState,
  deliverable: DeliverableState,
  planned: PlannedDeliverable,
  round: Round,
): readonly SessionWish[] {
  const gate = effectiveGate(state, deliverable);
  const { critic } = planned.settings;
  const parts = critiqueParts(gate, critic.mode);
  const part = parts.findIndex((_, index) => !(round.critiques ?? []).includes(index + 1)) + 1;
  if (part === 0 || round.commit === undefined || gate.critic === null) return [];
  const effect = sessionEffect(state, deliverable, planned.settings, round, {
    purpose: "critique",
    key: `critique.r${round.round}.p${part}`,
    part,
    role: gate.critic,
    adapter: critic.use ?? planned.settings.use,
    model: critic.model ?? planned.settings.model,
    place: { type: "review", commit: round.commit },
    costBefore: 0,
    request: critiqueRequest(state, planned, { mode: critic.mode, part }),
  });
  return [{ effect, priority: 1 }];
}

function judges(
  state: WorkflowState,
  deliverable: DeliverableState,
  planned: PlannedDeliverable,
  round: Round,
): readonly SessionWish[] {
  const gate = effectiveGate(state, deliverable);
  return gate.reviewers.flatMap((reviewer) => {
    const samples = round.samples.filter((s) => s.reviewer === reviewer.role);
    const status = panelStatus(gate, planned.settings.judge, samples);
    if (status.kind !== "draw") return [];
    const request = judgeRequest(state, planned, reviewer.role);
    return freeNumbers(
      samples.map((s) => s.sample),
      status.count,
    ).map((part) => ({
      effect: judgeEffect(state, deliverable, planned, round, { role: reviewer.role, part, request }),
      priority: 0,
    }));
  });
}

function judgeEffect(
  state: WorkflowState,
  deliverable: DeliverableState,
  planned: PlannedDeliverable,
  round: Round,
  { role, part, request }: Pick<SessionParts, "role" | "part" | "request">,
): SessionEffect {
  const { judge } = planned.settings;
  return sessionEffect(state, deliverable, planned.settings, round, {
    purpose: "judge",
    key: `judge.r${round.round}.${role}.s${part}`,
    part,
    role,
    adapter: judge.use ?? planned.settings.use,
    model: judgeModel(planned.settings),
    place: { type: "empty" },
    costBefore: 0,
    request,
  });
}

/** By default another model than the creator's, where the agent has names for several (design §7). */
export function judgeModel(settings: RunSettings): string | undefined {
  const { judge } = settings;
  if (judge.model !== undefined) return judge.model;
  const adapter = judge.use ?? settings.use;
  if (adapter !== "claude" && adapter !== "claude-cli")
    return adapter === settings.use ? settings.model : undefined;
  return settings.model?.includes("sonnet") === true ? "opus" : "sonnet";
}

/** The lowest sample numbers that have no answer yet, so that the same ask always has the same ids. */
function freeNumbers(used: readonly number[], count: number): readonly number[] {
  const free: number[] = [];
  for (let number = 1; free.length < count; number += 1) {
    if (!used.includes(number)) free.push(number);
  }
  return free;
}
