/** Compares the files of a checkout with what the state renders. Source: domain §23 V21; documents, general rule 8. */
import type { WorkflowState } from "../core/workflow/state.ts";
import type { RenderedFile, Renderer } from "./renderer.ts";

/** One file that is not what its state says. */
export interface Drift {
  readonly path: string;
  readonly kind: "missing" | "differs" | "unexpected";
  /** First line that differs, 1-based; null where the whole file is missing or unexpected. */
  readonly line: number | null;
  readonly expected: string | null;
  readonly found: string | null;
}

/**
 * Files that differ from a fresh rendering, in the order of rendering; empty where all are current.
 * `existing` maps repository-relative paths to contents. Escalation and review records that nothing renders any more are reported too.
 */
export function checkDocuments(
  renderer: Renderer,
  state: WorkflowState,
  existing: ReadonlyMap<string, string>,
): readonly Drift[] {
  const rendered = renderer.render(state);
  const known = new Set(rendered.map((file) => file.path));
  return [
    ...rendered.flatMap((file) => driftOf(file, existing.get(file.path))),
    ...leftovers(state, existing, known),
  ];
}

function driftOf({ path, content }: RenderedFile, found: string | undefined): readonly Drift[] {
  if (found === content) return [];
  if (found === undefined) return [{ path, kind: "missing", line: null, expected: null, found: null }];
  const wanted = content.split("\n");
  const have = found.split("\n");
  const length = Math.max(wanted.length, have.length);
  const index = Array.from({ length }, (_, line) => line).find((line) => wanted[line] !== have[line]) ?? 0;
  return [
    { path, kind: "differs", line: index + 1, expected: wanted[index] ?? null, found: have[index] ?? null },
  ];
}

function leftovers(
  state: WorkflowState,
  existing: ReadonlyMap<string, string>,
  known: ReadonlySet<string>,
): readonly Drift[] {
  const { folder } = state.plan.layout;
  const owned = [`${folder}escalations/`, `${folder}quality-gates/`];
  return [...existing.keys()]
    .filter(
      (path) =>
        !known.has(path) && owned.some((prefix) => path.startsWith(prefix)) && !isPlanned(state, path),
    )
    .sort()
    .map((path) => ({ path, kind: "unexpected", line: null, expected: null, found: null }));
}

function isPlanned(state: WorkflowState, path: string): boolean {
  return state.plan.deliverables.some((one) => one.makes.kind === "file" && one.makes.path === path);
}
