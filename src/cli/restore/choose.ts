/** Which preserved work a person means, and what it is, in words. */
import { SignalboxError } from "../../core/errors.ts";
import type { PreservedWork } from "../../ports/repository.ts";
import { listText } from "../resolve.ts";

const LISTING = "To list what is preserved: signalbox restore";

/**
 * By ref, `workflow/name`, `workflow/slot`, name or slot; workflows may be shortened to a unique prefix. Throws
 * `unknown-preserved`, `ambiguous-preserved`.
 */
export function choosePreserved(all: readonly PreservedWork[], reference: string): PreservedWork {
  const found = [exactly, ofSlot].map((fits) => all.filter((one) => fits(one, reference)));
  const matches = found.find((some) => some.length > 0) ?? [];
  const [only, another] = matches;
  if (only === undefined)
    throw new SignalboxError("user", "unknown-preserved", `Nothing is preserved as ${reference}`, [LISTING]);
  if (another === undefined) return only;
  throw new SignalboxError(
    "user",
    "ambiguous-preserved",
    `${reference} means ${matches.length} of what is preserved: ${listText(matches.map(nameOf))}`,
    [`Name one: signalbox restore ${nameOf(only)}`],
  );
}

/** `workflow/name`, which is always unique. */
export function nameOf({ workflow, name }: PreservedWork): string {
  return `${workflow}/${name}`;
}

function exactly(one: PreservedWork, reference: string): boolean {
  if (reference === one.ref || reference === one.name) return true;
  const [workflow, name] = split(reference);
  return workflow !== null && one.workflow.startsWith(workflow) && one.name === name;
}

/** A slot is the part of the name before its epoch and attempt; a bare workflow means all of it. */
function ofSlot(one: PreservedWork, reference: string): boolean {
  const [workflow, slot] = split(reference);
  if (workflow === null && one.workflow.startsWith(reference)) return true;
  if (workflow !== null && !one.workflow.startsWith(workflow)) return false;
  return one.name.startsWith(`${slot}.`);
}

function split(reference: string): readonly [workflow: string | null, name: string] {
  const at = reference.indexOf("/");
  return at < 0 ? [null, reference] : [reference.slice(0, at), reference.slice(at + 1)];
}

/** Half a sentence: why it was kept. The places that preserve give the names. */
export function whyPreserved({ name, subject }: PreservedWork): string {
  if (name === "uncommitted") return "changes of the checkout, taken in by --include-dirty";
  if (name.startsWith("before-")) return "where a ref stood before a session moved it";
  if (/-left-[0-9a-f]{12}(-\d+)?$/.test(name))
    return "set aside by git in an operation that was left half-way";
  if (/^Kept from /.test(subject)) return "not committed when its worktree had to go";
  return "on no other ref when its branch or worktree had to go";
}
