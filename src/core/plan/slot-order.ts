/** Order of slots inside a phase: `after` and `mode: sequential`. Source: design §8 (merge order), domain §23 V9. */
import type { Draft, PhaseFrame, Planning } from "./draft.ts";

/** Slots with `after` resolved to ids, in an order in which each comes behind what it waits for. */
export function orderSlots(planning: Planning, drafts: readonly Draft[]): readonly Draft[] {
  return planning.frames.flatMap((frame) => {
    if (frame.kind === "barrier") return [];
    const members = drafts.filter((draft) => draft.stage === frame.index);
    return sortByDependency(planning, frame, withDependencies(planning, frame, members));
  });
}

function withDependencies(
  planning: Planning,
  frame: PhaseFrame,
  members: readonly Draft[],
): readonly Draft[] {
  return members.map((draft, index) => {
    const declared = (draft.slot?.after ?? []).flatMap((reference) =>
      resolve(planning, draft, members, reference),
    );
    const before = frame.definition.sequential ? members[index - 1] : undefined;
    return { ...draft, after: [...new Set([...declared, ...(before === undefined ? [] : [before.id])])] };
  });
}

function resolve(
  planning: Planning,
  draft: Draft,
  members: readonly Draft[],
  reference: string,
): readonly string[] {
  const wanted = reference.toLowerCase();
  const found = members.find((member) =>
    [member.id, member.task, member.slot?.title].some((name) => name?.toLowerCase() === wanted),
  );
  if (found !== undefined && found.id !== draft.id) return [found.id];
  const others = members.filter((member) => member.id !== draft.id).map((member) => member.id);
  const message = `\`after: ${reference}\` of ${draft.id} names no other slot of its phase (${others.join(", ") || "there is none"}).`;
  planning.notices.error({ code: "after", subject: draft.id, message, position: draft.position });
  return [];
}

/** Stable: among those that wait for nothing more, the first written goes first. */
function sortByDependency(
  planning: Planning,
  frame: PhaseFrame,
  members: readonly Draft[],
): readonly Draft[] {
  const sorted: Draft[] = [];
  let waiting = [...members];
  while (waiting.length > 0) {
    const next = waiting.find((draft) => draft.after.every((id) => sorted.some((done) => done.id === id)));
    if (next === undefined) {
      const ring = waiting.map((draft) => draft.id).join(", ");
      const message = `The slots ${ring} of ${frame.id} wait for each other.`;
      planning.notices.error({
        code: "cycle",
        subject: frame.id,
        message,
        position: frame.definition.position,
      });
      return [...sorted, ...waiting];
    }
    sorted.push(next);
    waiting = waiting.filter((draft) => draft !== next);
  }
  return sorted;
}
