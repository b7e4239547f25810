/** The conflict matrix for people and for programs. */
import { ruleOf } from "../../core/conflicts/after-rules.ts";
import type { FilePolicy } from "../../core/conflicts/file-rules.ts";
import { INTEGRATION, lineLabel, TARGET, workflowLines } from "../../core/conflicts/lines.ts";
import { type ConflictFile, type Matrix, type Pair, worstFirst } from "../../core/conflicts/matrix.ts";
import { filesText, kindText, tally } from "../../core/conflicts/words.ts";
import { foreseenPolicy } from "../../core/workflow/file-policy.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import { countText } from "../output/units.ts";

/** Files of one pair that are listed. */
const SHOWN = 8;

/** Worst first; every pair that is not clean. Text of a repository is made harmless for a terminal. */
export function matrixLines(state: WorkflowState, matrix: Matrix, style: Style): readonly string[] {
  const { conflicts, overlaps } = tally(matrix);
  const label = (name: string): string => lineLabel(name, state.plan.base.target);
  const head = `${style.bold(state.id)}  ${countText(matrix.tips.length, "line")}, ${countText(matrix.pairs.length, "pair")}`;
  const clean = matrix.pairs.length - conflicts - overlaps;
  const uncommitted = matrix.tips.filter((tip) => tip.uncommitted).map(({ name }) => name);
  return [
    head,
    ...worstFirst(matrix).flatMap((pair) => pairLines(pair, label, style, foreseenPolicy(state))),
    clean === matrix.pairs.length
      ? `${style.green(style.symbol.done)} nothing overlaps: they merge in any order`
      : style.dim(`${style.symbol.done} ${countText(clean, "pair")} without anything in common`),
    ...(uncommitted.length === 0
      ? []
      : [style.dim(`  as they are now, with changes that are not committed: ${uncommitted.join(", ")}`)]),
  ];
}

function pairLines(
  { first, second, prediction }: Pair,
  label: (name: string) => string,
  style: Style,
  policy: FilePolicy,
): readonly string[] {
  const names = `${style.bold(label(first))} and ${style.bold(label(second))}`;
  switch (prediction.result) {
    case "conflicts":
      return [
        `${style.red(style.symbol.fail)} ${names} conflict`,
        ...fileLines(prediction.files, style, policy),
      ];
    case "unrelated":
      return [
        `${style.red(style.symbol.fail)} ${names} have no history in common, so git refuses to merge them`,
      ];
    case "overlaps": {
      const files = prediction.files.map((path) => ({ path: plainLine(path) }));
      return [`${style.yellow(style.symbol.warn)} ${names} both change ${filesText(files)}, and merge`];
    }
    case "clean":
      return [];
    default:
      return prediction satisfies never;
  }
}

function fileLines(files: readonly ConflictFile[], style: Style, policy: FilePolicy): readonly string[] {
  const shown = files.slice(0, SHOWN).map((file) => {
    const rule = ruleOf(file, policy);
    const words = `${kindText(file.kind)}${rule === null ? "" : `, resolved by rule: ${rule}`}`;
    return { path: plainLine(file.path), words };
  });
  const width = Math.max(...shown.map(({ path }) => path.length));
  const rest = files.length - shown.length;
  return [
    ...shown.map(({ path, words }) => `    ${path.padEnd(width)}  ${style.dim(words)}`),
    ...(rest === 0 ? [] : [style.dim(`    and ${countText(rest, "more file")}: signalbox conflicts --json`)]),
  ];
}

/** The answer for programs: all lines, and all pairs with what would happen. */
export function matrixDocument(state: WorkflowState, matrix: Matrix): Readonly<Record<string, unknown>> {
  const branches = new Map(workflowLines(state).map(({ name, branch }) => [name, branch]));
  return {
    workflow: state.id,
    ...tally(matrix),
    lines: matrix.tips.map((tip) => ({
      name: tip.name,
      kind: tip.name === INTEGRATION ? "integration" : tip.name === TARGET ? "target" : "slot",
      branch: branches.get(tip.name) ?? null,
      commit: tip.commit,
      tree: tip.tree,
      uncommitted: tip.uncommitted,
    })),
    pairs: matrix.pairs.map(({ first, second, prediction }) => ({
      first,
      second,
      result: prediction.result,
      files:
        prediction.result === "conflicts"
          ? prediction.files.map((file) => ({ ...file, rule: ruleOf(file, foreseenPolicy(state)) }))
          : prediction.result === "overlaps"
            ? prediction.files.map((path) => ({ path, kind: null }))
            : [],
    })),
  };
}
