/**
 * Every line that approved work added, and where it is now. Read from the journal and from git alone, after the story, at every tip that
 * the integration branch had: nothing that the product says of its own merges is believed.
 */
import type { WorkflowEvent } from "../../src/core/workflow/event.ts";
import { evolve } from "../../src/core/workflow/evolve.ts";
import { lastRound } from "../../src/core/workflow/queries.ts";
import type { Rejoin } from "../../src/core/workflow/rejoin.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { Scratch } from "../support/scratch-repository.ts";
import { addedBetween, type Change, type Line, linesAt, type Moves } from "./git-lines.ts";

interface Owed extends Line {
  readonly subject: string;
  readonly commit: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly stage: number;
  /** Stands on the branch since its slot was merged. */
  merged: boolean;
  /** Why it need not be there any more; `by` is the slot that took it away. */
  gone: { readonly why: string; readonly by: string | null } | null;
}

interface Approved {
  readonly commit: string;
  readonly change: Change;
  /** What the slot took away before any conflict: on purpose. */
  readonly own: readonly Line[];
}

interface Book {
  readonly scratch: Scratch;
  readonly owed: Owed[];
  /** Last approved work of each slot. */
  readonly approved: Map<string, Approved>;
  readonly returned: Map<string, Rejoin>;
  readonly manual: Set<string>;
  readonly moves: Moves;
  readonly problems: string[];
}

/** What is lost; empty = nothing is. */
export async function lostLines(
  scratch: Scratch,
  events: readonly WorkflowEvent[],
): Promise<readonly string[]> {
  const book: Book = {
    scratch,
    owed: [],
    approved: new Map(),
    returned: new Map(),
    manual: new Set(),
    moves: new Map(),
    problems: [],
  };
  let state: WorkflowState | null = null;
  for (const event of events) {
    if (state !== null) await before(book, state, event);
    state = evolve(state, event);
  }
  if (state === null) return ["there is no journal"];
  atTheEnd(book, state);
  await reachable(book, events);
  return book.problems;
}

async function before(book: Book, state: WorkflowState, event: WorkflowEvent): Promise<void> {
  switch (event.type) {
    case "deliverable.approved":
      return onApproved(book, state, event.subject, event.approval.commit, event.approval.by === "person");
    case "deliverable.returned":
      book.returned.set(event.subject, event.rejoin);
      return;
    case "deliverable.manual":
      if (event.manual) book.manual.add(event.subject);
      return;
    case "deliverable.attempted":
      return onAttempted(book, state, event.subject, event.branch);
    case "deliverable.moved":
      if (event.step === "skipped") letGo(book, event.subject, "left out by a decision that names it");
      return;
    case "deliverable.merged":
      return onMerged(book, event.subject);
    case "workflow.rewound":
      return onRewound(book, state, event.stage);
    case "integration.done":
      return standsAt(book, event.head);
    default:
      return;
  }
}

/** Lines of the same attempt that were approved before are still owed, or were revised by their own creator. */
async function onApproved(
  book: Book,
  state: WorkflowState,
  subject: string,
  commit: string,
  byPerson: boolean,
): Promise<void> {
  const deliverable = state.deliverables[subject];
  const base = deliverable?.base;
  if (deliverable === undefined || base === undefined) return;
  const change = await addedBetween(book.scratch, base, commit);
  for (const [from, to] of change.moves) book.moves.set(from, [...(book.moves.get(from) ?? []), to]);
  const joined = book.returned.get(subject);
  const earlier = book.approved.get(subject);
  const told = byPerson ? namedIn(deliverable) : "";
  const isJoin = (joined !== undefined || book.manual.has(subject)) && earlier !== undefined;
  const own = isJoin
    ? [...earlier.own, ...change.taken.filter(({ text }) => told.includes(text))]
    : change.taken;
  const there = new Set((await linesAt(book.scratch, commit)).map(({ text }) => text));
  for (const line of book.owed) {
    if (line.subject !== subject || line.gone !== null || there.has(line.text)) continue;
    if (joined?.why === "checks") line.gone = { why: "revised by its creator", by: null };
    else if (told.includes(line.text)) line.gone = { why: "left out, named and approved", by: null };
  }
  book.approved.set(subject, { commit, change, own });
  const stage = state.plan.deliverables.find(({ id }) => id === subject)?.stage ?? 0;
  const { attempt, epoch } = deliverable;
  for (const line of change.added) {
    if (book.owed.some((one) => one.subject === subject && one.text === line.text && one.gone === null))
      continue;
    book.owed.push({ ...line, subject, commit, attempt, epoch, stage, merged: false, gone: null });
  }
}

/** What a person could see of the round before they approved it. */
function namedIn(deliverable: WorkflowState["deliverables"][string]): string {
  const round = lastRound(deliverable);
  return [
    ...(round?.protectedReasons ?? []),
    ...(round?.findings ?? []).map(({ evidence }) => evidence),
    ...(round?.leftOut ?? []),
  ].join("\n");
}

function onAttempted(book: Book, state: WorkflowState, subject: string, branch: string): void {
  // The same branch on a new base: a person joins the conflict, and owes what was approved.
  if (state.deliverables[subject]?.branch === branch) return;
  letGo(book, subject, "made anew by a decision that names it");
  book.approved.delete(subject);
  book.returned.delete(subject);
  book.manual.delete(subject);
}

function letGo(book: Book, subject: string, why: string): void {
  for (const line of book.owed)
    if (line.subject === subject && !line.merged) line.gone ??= { why, by: subject };
}

/** Its lines are due from now on, and those that it took away are not. */
function onMerged(book: Book, subject: string): void {
  const work = book.approved.get(subject);
  if (work === undefined) {
    book.problems.push(`${subject} was merged without an approval on record`);
    return;
  }
  for (const line of book.owed) {
    if (line.gone !== null) continue;
    if (line.subject === subject) line.merged = true;
    else if (line.merged && work.own.some(({ text }) => text === line.text))
      line.gone = { why: `taken away by ${subject}, whose work began with it`, by: subject };
  }
}

/** What was merged since is superseded; what that took away of older work is due again. */
function onRewound(book: Book, state: WorkflowState, stage: number): void {
  const superseded = new Set(state.plan.deliverables.filter((one) => one.stage >= stage).map(({ id }) => id));
  for (const line of book.owed) {
    if (superseded.has(line.subject)) line.gone ??= { why: "superseded by a rewind", by: null };
    else if (line.merged && line.gone?.by != null && superseded.has(line.gone.by)) line.gone = null;
  }
  for (const id of superseded) {
    book.approved.delete(id);
    book.returned.delete(id);
    book.manual.delete(id);
  }
}

async function standsAt(book: Book, head: string): Promise<void> {
  const there = new Set((await linesAt(book.scratch, head)).map(({ path, text }) => `${path}\0${text}`));
  for (const line of book.owed) {
    if (!line.merged || line.gone !== null) continue;
    if (placesOf(book.moves, line.path).some((path) => there.has(`${path}\0${line.text}`))) continue;
    line.gone = { why: "lost", by: null };
    book.problems.push(`${line.subject}: "${line.text}" of ${line.path} is not in ${head.slice(0, 10)}`);
  }
  const marks = [...there].filter((one) => /\0(<{7}|>{7})/.test(one));
  if (marks.length > 0)
    book.problems.push(`marks of a conflict at ${head.slice(0, 10)}: ${marks.join(", ")}`);
}

/** Where a line of a file may be: there, or where approved work moved the file, either way. */
function placesOf(moves: Moves, path: string): readonly string[] {
  const places = new Set([path]);
  for (const place of places) {
    for (const to of moves.get(place) ?? []) places.add(to);
    for (const [from, to] of moves) if (to.includes(place)) places.add(from);
  }
  return [...places];
}

/** What is approved and not merged waits for a person who is told the slot, or still goes on. */
function atTheEnd({ owed, problems }: Book, state: WorkflowState): void {
  const asked = new Set(state.questions.map(({ subject }) => subject));
  const waits = state.questions.length > 0;
  for (const line of owed) {
    if (line.merged || line.gone !== null || asked.has(line.subject)) continue;
    const step = state.deliverables[line.subject]?.step;
    if (waits && step === "merge") continue;
    problems.push(
      `${line.subject} (${step}): "${line.text}" was approved, is not merged, and nobody is asked`,
    );
  }
}

/** Every commit that was ever under review can still be had. */
async function reachable({ scratch, problems }: Book, events: readonly WorkflowEvent[]): Promise<void> {
  const kept = new Set((await scratch.git("rev-list", "--all")).split("\n"));
  for (const event of events) {
    if (event.type !== "round.noted" || event.patch.commit === undefined) continue;
    const { commit } = event.patch;
    if (!kept.has(commit)) problems.push(`no ref holds ${commit.slice(0, 10)}, work of ${event.subject}`);
  }
}
