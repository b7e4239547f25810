/** What a session did to what is the user's: looked at before it starts and after it has ended, put back where that is safe (P6). */
import { isObeyed } from "../core/trespass/program-settings.ts";
import type { ToolCall, Trespass } from "../core/trespass/surroundings.ts";
import { trespasses } from "../core/trespass/trespasses.ts";
import type { SessionEffect } from "../core/workflow/effect.ts";
import { isCreator } from "../core/workflow/evolve-session.ts";
import type { CommitReport } from "../core/workflow/outcome.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { SessionEvent } from "../ports/session-host.ts";
import type { EngineDependencies } from "./dependencies.ts";

/** Critics, judges and handoffs have no tool that changes anything. */
export function mayTrespass({ place, writes, tools, adapter }: SessionEffect): boolean {
  return (
    place.type === "attempt" &&
    (writes.length > 0 || tools.includes("Bash") || /^(?:acp|command):/.test(adapter))
  );
}

/** Before the session's process exists; one that is attached to was looked at by the coordinator that started it. */
export async function lookBefore(
  deps: EngineDependencies,
  workflow: string,
  effect: SessionEffect,
): Promise<void> {
  if (deps.surroundings === undefined || !mayTrespass(effect)) return;
  const isNew =
    effect.dispatched === undefined || (await deps.host.status(workflow, effect.id)).state === "unknown";
  if (isNew) await deps.surroundings.begin(workflow, effect.id);
}

/** After its end. Nothing depends on it but what is told, so trouble with looking is narrated and changes nothing else. */
export async function lookAfter(
  deps: EngineDependencies,
  workflow: string,
  session: string,
  cwd: string,
): Promise<void> {
  if (deps.surroundings === undefined) return;
  try {
    await settle(deps, deps.surroundings, workflow, session, cwd);
  } catch (error) {
    deps.narrate(`${session}: what it did outside its worktree is not known: ${String(error)}`);
  }
}

async function settle(
  deps: EngineDependencies,
  watch: NonNullable<EngineDependencies["surroundings"]>,
  workflow: string,
  session: string,
  cwd: string,
): Promise<void> {
  const moments = await watch.end(workflow, session);
  if (moments === null) return;
  const calls = callsOf(await deps.host.events(workflow, session));
  const earlier = await watch.recorded(workflow, session);
  const found = earlier ?? trespasses(moments.before, moments.after, cwd, calls);
  // Before anything is put back: afterwards nobody could see any more that it was there.
  if (earlier === null && found.length > 0) await watch.record(workflow, session, found);
  const told: Trespass[] = [];
  for (const one of found) told.push(await mended(deps, watch, workflow, session, one));
  if (told.length > 0) await watch.record(workflow, session, told);
  await watch.finish(workflow, session);
  for (const { evidence, action } of told) deps.narrate(`${session}: ${evidence} ${action}`);
}

/** Put back where it can be, and what a ref stood at is kept reachable. Values are left out: they may be secrets. */
async function mended(
  deps: EngineDependencies,
  watch: NonNullable<EngineDependencies["surroundings"]>,
  workflow: string,
  session: string,
  trespass: Trespass,
): Promise<Trespass> {
  const undone = await watch.undo(workflow, session, trespass);
  const { before: _, now: __, ...told } = trespass;
  if (trespass.lost !== undefined)
    await deps.repository.preserve(workflow, `before-${trespass.name}`, trespass.lost);
  return undone === null ? told : { ...told, evidence: `${told.evidence} ${undone}` };
}

/** Calls that were not refused. A refusal may name a long command by its beginning. */
function callsOf(events: readonly SessionEvent[]): readonly ToolCall[] {
  const refused = events.filter((event) => event.type === "denied");
  return events.flatMap((event) => {
    if (event.type !== "tool") return [];
    const { tool, target } = event;
    const at = refused.findIndex((it) => it.tool === tool && target.startsWith(it.target.replace(/…$/, "")));
    if (at < 0) return [{ tool, target }];
    refused.splice(at, 1);
    return [];
  });
}

/** What the sessions that made this round did outside, for its commit. */
export async function outsideOf(
  deps: EngineDependencies,
  state: WorkflowState,
  at: { readonly subject: string; readonly epoch: number; readonly attempt: number; readonly round: number },
): Promise<Pick<CommitReport, "strays" | "trespasses">> {
  const sessions = Object.values(state.sessions).filter(
    (s) =>
      s.subject === at.subject &&
      s.epoch === at.epoch &&
      s.attempt === at.attempt &&
      s.round === at.round &&
      isCreator(s.purpose),
  );
  const recorded = await Promise.all(
    sessions.map(({ id }) => deps.surroundings?.recorded(state.id, id) ?? null),
  );
  const found = recorded.flatMap((list) => list ?? []).filter(concernsTheWork);
  return {
    strays: [...new Set(found.filter(({ kind }) => kind === "file").map(({ name }) => name))].sort(),
    trespasses: found
      .filter(({ kind }) => kind !== "file")
      .map(({ name, evidence, action }) => ({ name, evidence, action })),
  };
}

/** What nobody can be named for is the session's affair only where our own git would have obeyed it. */
function concernsTheWork({ kind, named, name }: Trespass): boolean {
  return named || (kind === "setting" && isObeyed(name));
}
