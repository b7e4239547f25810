import type { Context } from "../context.ts";
import { type Collected, collectInbox, type InboxItem, type Unreadable } from "../inbox/collect.ts";
import { itemLines } from "../inbox/item-lines.ts";
import { nameOf } from "../inbox/places.ts";
import { screenWidth } from "../io.ts";
import { EXIT } from "../output/exit-code.ts";
import { countText } from "../output/units.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox inbox [--here]`: everything that waits for a person, oldest first, with the commands that answer. */
export async function inbox(context: Context, input: VerbInput): Promise<number> {
  const collected = await collectInbox(context.io, input.flag("here"));
  if (context.json) context.output.json(document(collected, context.io.now()));
  else tell(context, collected);
  return EXIT.done;
}

function tell({ output, io }: Context, { items, unreadable, vanished, repositories }: Collected): void {
  const options = { style: output.style, width: screenWidth(io), now: io.now() };
  if (items.length > 0) output.answer(items.map((item) => itemLines(item, options).join("\n")).join("\n\n"));
  for (const one of unreadable) {
    output.warn(`${placeText(one)} cannot be read: ${one.message}`);
    for (const hint of one.hints) output.hint(hint);
  }
  for (const { root } of vanished)
    output.warn(`${root} is gone and not looked at any more; the next workflow there registers it again`);
  if (items.length > 0 || unreadable.length > 0) return;
  output.success(`nothing waits${whereText(repositories)}`);
  if (repositories === 0)
    output.hint("A repository is known from its first workflow on: signalbox run <definition>");
}

function whereText(repositories: number): string {
  if (repositories === 0) return ": no repository is known yet";
  return repositories === 1 ? "" : ` in ${countText(repositories, "repository", "repositories")}`;
}

function placeText({ place, workflow }: Unreadable): string {
  return workflow === null ? place.root : `${workflow} in ${place.root}`;
}

function document(collected: Collected, now: number): Readonly<Record<string, unknown>> {
  return {
    waiting: collected.items.map((item) => itemDocument(item, now)),
    unreadable: collected.unreadable.map(({ place, ...rest }) => ({ root: place.root, ...rest })),
    vanished: collected.vanished.map(({ root }) => root),
    repositories: collected.repositories,
  };
}

function itemDocument({ place, workflow, name, entry, look }: InboxItem, now: number): unknown {
  const { id, answers, commit, files, ...rest } = entry;
  return {
    repository: nameOf(place),
    root: place.root,
    workflow,
    name,
    question: id,
    ...rest,
    ageSeconds: Math.max(0, Math.round((now - Date.parse(entry.since)) / 1000)),
    commit: commit ?? null,
    files: files ?? [],
    look,
    answers,
  };
}
