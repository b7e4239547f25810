/** Sessions: journalled before they start, found again after a crash, stopped as whole trees. */
import type { RunSettings } from "../core/definition.ts";
import { asData, insertQuoted, type Quote } from "../core/prompts/quote.ts";
import { areaOf } from "../core/session/area.ts";
import type { CommitId } from "../core/vocabulary.ts";
import type { SessionEffect, StopEffect } from "../core/workflow/effect.ts";
import { hasEnded } from "../core/workflow/queries.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { SessionSpec } from "../ports/session-host.ts";
import type { ConfiguredAgent, EngineDependencies } from "./dependencies.ts";
import type { Flight, PerformedOutcome } from "./flight.ts";
import { inheritedInstructions } from "./instructions.ts";
import { lookAfter, lookBefore, mayTrespass } from "./look-around.ts";
import { cleanReviews } from "./perform-work.ts";
import { watchSession } from "./watch-session.ts";

/** Most characters of work that a prompt carries. */
const QUOTE_LIMIT = 400_000;
const STARTUP_MS = 180_000;

export async function performSession(
  deps: EngineDependencies,
  flight: Flight<SessionEffect>,
): Promise<PerformedOutcome | null> {
  const { effect, signal, state, submit } = flight;
  const continued = effect.fork === true ? undefined : effect.resume;
  const conversation = effect.dispatched ?? continued ?? deps.ids.uuid();
  if (effect.dispatched === undefined) {
    const dispatched = await submit({ type: "session-dispatched", effect: effect.id, conversation });
    if (!dispatched.ok) return null;
  }
  const spec = await specOf(deps, { ...effect, usd: allowed(state(), effect) }, state(), conversation);
  if (signal.aborted) return null;
  await lookBefore(deps, state().id, effect);
  await deps.host.start(spec);
  const watched = watchSession(deps, effect.id, flight);
  const outcome = await deps.host.outcome(state().id, effect.id, signal);
  await watched; // what it said last counts before its end does
  if (!signal.aborted && mayTrespass(effect)) await lookAfter(deps, state().id, effect.id, spec.cwd);
  return signal.aborted ? null : { command: { type: "session-ended", effect: effect.id, outcome } };
}

/** After the tree is gone the session's own end settles its account. */
export async function performStop(
  deps: EngineDependencies,
  { effect, signal, state }: Flight<StopEffect>,
): Promise<PerformedOutcome | null> {
  await deps.host.stop(state().id, effect.session, effect.reason);
  const outcome = await deps.host.outcome(state().id, effect.session, signal);
  const session = state().sessions[effect.session];
  if (!signal.aborted && session !== undefined) {
    const { branchPrefix } = state().plan.layout;
    const cwd = deps.repository.worktreePath(
      `${branchPrefix}/${session.subject}.${session.epoch}.${session.attempt}`,
    );
    await lookAfter(deps, state().id, session.id, cwd);
  }
  if (hasEnded(state())) await cleanReviews(deps, state(), effect.session);
  return signal.aborted ? null : { command: { type: "session-ended", effect: effect.session, outcome } };
}

async function specOf(
  deps: EngineDependencies,
  effect: SessionEffect,
  state: WorkflowState,
  conversation: string,
): Promise<SessionSpec> {
  const { settings } = effect;
  const { cwd, boundary } = await placeOf(deps, effect, state);
  const deliverable = state.plan.deliverables.find((d) => d.id === effect.subject);
  const area = deliverable === undefined ? undefined : areaOf(deliverable);
  const command = await deps.commandOf(effect.adapter, state.plan.base.commit);
  const agent = await deps.agentOf(effect.adapter, state.plan.base.commit);
  const instructions = await instructionsFor(deps, effect, state.plan.base.commit);
  return {
    id: effect.id,
    workflow: state.id,
    purpose: effect.purpose,
    subject: effect.subject,
    role: effect.role,
    round: effect.round,
    part: effect.part,
    adapter: effect.adapter,
    ...(command === undefined ? {} : { command }),
    ...(agent === undefined ? {} : { agent: agent.program }),
    ...(effect.model === undefined ? {} : { model: effect.model }),
    ...(settings.effort === undefined ? {} : { effort: settings.effort }),
    cwd,
    conversation,
    resume: effect.resume !== undefined,
    ...(effect.fork === true && effect.resume !== undefined ? { forkOf: effect.resume } : {}),
    prompt: await withQuotes(deps, effect),
    charter: effect.charter,
    instructions,
    ...(effect.schema === undefined ? {} : { schema: effect.schema }),
    tools: effect.tools,
    boundary,
    writes: effect.writes,
    limits: {
      wallMs: settings.limits.timeoutMs,
      idleMs: settings.limits.idleMs,
      startupMs: STARTUP_MS,
      turns: settings.limits.turns,
      // As journalled: what was left may have changed between wish and dispatch.
      usd: state.sessions[effect.id]?.usd ?? effect.usd,
      ...(settings.limits.answerMs === undefined ? {} : { answerMs: settings.limits.answerMs }),
    },
    ...(settings.permissions === undefined ? {} : { permissions: settings.permissions }),
    ...(settings.sandbox === "bubblewrap"
      ? { sandbox: { use: settings.sandbox, writable: settings.sandboxWritable ?? [] } }
      : {}),
    ...(area === undefined ? {} : { area }),
    costBefore: effect.costBefore,
    env: await deps.agentEnvironment(
      withAgentEnv(settings, agent),
      effect.place.type === "empty" ? null : cwd,
    ),
    ...(deliverable?.makes.kind === "file" ? { artifact: deliverable.makes.path } : {}),
    seed: `${state.plan.workflow.slug}/${effect.subject}/${effect.purpose}/${effect.round}/${effect.part}`,
  };
}

function withAgentEnv(settings: RunSettings, agent: ConfiguredAgent | undefined): RunSettings {
  if (agent === undefined) return settings;
  const { pass, set } = settings.env;
  return { ...settings, env: { pass: [...agent.env.pass, ...pass], set: { ...agent.env.set, ...set } } };
}

/** The repository's own words: orders for those who work on it, data for those who review, and nothing for judges. */
async function instructionsFor(
  deps: EngineDependencies,
  { settings, place, purpose }: SessionEffect,
  base: CommitId,
): Promise<string> {
  if (!settings.inherit.includes("instructions") || place.type === "empty") return "";
  const text = await inheritedInstructions(deps.repository, base);
  return purpose === "critique" && text !== "" ? asData(text) : text;
}

/** Other sessions may have ended or begun since the effect was worked out: what was recorded at its dispatch holds (P5). */
function allowed(state: WorkflowState, { id, usd }: SessionEffect): number | null {
  return usd === null ? null : (state.sessions[id]?.usd ?? usd);
}

interface Place {
  readonly cwd: string;
  readonly boundary: string | null;
}

async function placeOf(
  deps: EngineDependencies,
  effect: SessionEffect,
  state: WorkflowState,
): Promise<Place> {
  const { place } = effect;
  switch (place.type) {
    case "attempt": {
      const branch = state.deliverables[effect.subject]?.branch ?? "";
      const cwd = deps.repository.worktreePath(branch);
      return { cwd, boundary: effect.writes.length === 0 ? null : cwd };
    }
    case "review":
      return { cwd: (await deps.repository.addReviewWorktree(state.id, place.commit)).path, boundary: null };
    case "empty":
      return { cwd: await deps.files.emptyFolder(state.id, effect.id), boundary: null };
    default:
      return place satisfies never;
  }
}

/** Puts the work under review into the prompt as data, line by line marked, so that nothing in it can speak to the agent. */
async function withQuotes(deps: EngineDependencies, effect: SessionEffect): Promise<string> {
  const { quoteCommit: commit, quoteDiffBase: base } = effect;
  if (commit === undefined) return effect.prompt;
  if (base === undefined) return insertQuoted(effect.prompt, await quotedFiles(deps, effect.quote, commit));
  return insertQuoted(effect.prompt, [
    { path: "diff", content: await deps.repository.diff(base, commit, QUOTE_LIMIT) },
  ]);
}

async function quotedFiles(
  deps: EngineDependencies,
  paths: readonly string[],
  commit: string,
): Promise<readonly Quote[]> {
  return Promise.all(
    paths.map(async (path) => ({ path, content: cut(await deps.repository.readFile(commit, path)) })),
  );
}

function cut(content: string | null): string | null {
  if (content === null || content.length <= QUOTE_LIMIT) return content;
  return `${content.slice(0, QUOTE_LIMIT)}\n[cut here: ${content.length - QUOTE_LIMIT} more characters]`;
}
