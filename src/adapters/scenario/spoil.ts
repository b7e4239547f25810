/** Turns a good structured answer into the malformed one that a fault asks for. */

import { isRecord } from "./json-schema.ts";
import type { Fault } from "./scenario.ts";

/** The answer as the fault leaves it; unchanged for faults that are not about answers. */
export function spoilAnswer(answer: unknown, fault: Fault | null): unknown {
  switch (fault) {
    case "omit-dimension":
      return withScores(answer, (scores) => Object.fromEntries(Object.entries(scores).slice(1)));
    case "nan":
      return withScores(answer, (scores) => mapFirst(scores, "score", "NaN"));
    case "over-one":
      return withScores(answer, (scores) => mapFirst(scores, "score", 1.7));
    case "no-evidence":
      return withoutEvidence(answer);
    default:
      return answer;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function withScores(answer: unknown, change: (scores: Fields) => Fields): unknown {
  return isRecord(answer) && isRecord(answer.scores) ? { ...answer, scores: change(answer.scores) } : answer;
}

function mapFirst(scores: Fields, key: string, value: unknown): Fields {
  const [first, ...rest] = Object.entries(scores);
  if (first === undefined) return scores;
  const [name, old] = first;
  return { [name]: isRecord(old) ? { ...old, [key]: value } : value, ...Object.fromEntries(rest) };
}

function withoutEvidence(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEvidence);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "evidence" && typeof inner === "string" ? "" : withoutEvidence(inner),
    ]),
  );
}
