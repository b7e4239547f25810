/** Predictions as a person meets them: git would stop, but where rules resolve every file nobody is asked. */
import { classify, type FilePolicy, type Resolution } from "./file-rules.ts";
import type { ConflictFile, Matrix, Pair } from "./matrix.ts";

/**
 * Pairs whose conflicts all have rules count as overlaps: both changed the same files, and they come together by themselves. What a
 * rule finds only in the files, such as a row without a time, is not known before the merge.
 */
export function afterRules(matrix: Matrix, policy: FilePolicy): Matrix {
  return { ...matrix, pairs: matrix.pairs.map((pair) => afterRulesOf(pair, policy)) };
}

/** The rule that would resolve a file; null where a person does. */
export function ruleOf(file: ConflictFile, policy: FilePolicy): Resolution | null {
  const found = classify(file, policy);
  return found.by === "person" ? null : found.by;
}

function afterRulesOf(pair: Pair, policy: FilePolicy): Pair {
  const { prediction } = pair;
  if (prediction.result !== "conflicts") return pair;
  if (prediction.files.some((file) => ruleOf(file, policy) === null)) return pair;
  const files = prediction.files.map(({ path }) => path);
  return { ...pair, prediction: { result: "overlaps", files, tree: null } };
}
