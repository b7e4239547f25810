/** P2, P3, P8: what is read strictly, and what is written always the same. */
import { guardsOf } from "../guard.ts";

const YAML = "src/config/source/yaml-source.test.ts";
const QUALITY = "src/core/quality";
const ANSWERS = `${QUALITY}/answers.test.ts`;
const STATE = "src/documents/state";

export const READING_GUARDS = [
  ...guardsOf("src/config/source/yaml-traps.ts", YAML, {
    "a definition loses what stands behind an unquoted #": [
      "add([...path, node], commentTrap(node, text));",
      "",
    ],
    "a value that splits at a comma becomes a key": [
      "if (isMap(parent) && parent.flow === true) add([...path, pair], commaTrap(pair, text));",
      "",
    ],
    "an item that is indented too far becomes text": [
      "add([...path, node], swallowedItemTrap(node, text));",
      "",
    ],
    "anchors, tags and merge keys are followed": ["add([...path, pair], keyTrap(pair));", ""],
  }),
  ...guardsOf(`${QUALITY}/read.ts`, ANSWERS, {
    "a score beyond 1 counts": ["if (!(value >= 0 && value <= 1))", "if (Number.isNaN(value))"],
    "a score written as text counts": [
      'if (typeof value !== "number") return',
      'if (typeof value !== "number" && typeof value !== "string") return',
    ],
    "blank evidence of a score counts": ['return value.trim() === "" ? bad', "return value.length < 0 ? bad"],
  }),
  ...guardsOf(`${QUALITY}/answers.ts`, ANSWERS, {
    "a score for a dimension that nobody asked for counts": [
      "if (unknown !== undefined) return bad(",
      'if (unknown === "") return bad(',
    ],
    "a critique counts that left out a strategy": [
      "if (missing !== undefined) return bad(",
      "if (missing !== undefined) return good(used.value) ?? bad(",
    ],
    "a critique counts that found too little": [
      "if (short !== null) return bad(short);\n  return {\n    ok: true,\n    findings: findings.value,",
      "return {\n    ok: true,\n    findings: findings.value,",
    ],
  }),
  ...guardsOf(`${STATE}/parse-state.ts`, `${STATE}/parse-state.test.ts`, {
    "a state that was edited is continued from": ["if (found !== hash)", 'if (found === "")'],
    "a state of a newer version is continued from": ["if (format > STATE_FORMAT) {", "if (format < 0) {"],
  }),
  ...guardsOf(`${STATE}/canonical.ts`, "src/documents/documents.test.ts", {
    "documents depend on the order of keys": ["entries.sort(byKey).map(", "entries.map("],
  }),
  ...guardsOf("src/documents/check.ts", "src/documents/check.test.ts", {
    "a document that was changed by hand counts as current": [
      "if (found === content) return [];",
      "if (found !== undefined) return [];",
    ],
  }),
];
