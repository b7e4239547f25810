/**
 * Reads YAML as plain data that still knows where everything stands.
 *
 * Owns: syntax errors, the traps of the language, positions. Does not own: what the keys mean.
 * Invariant: never throws, whatever the text; every position lies inside the file.
 */
import { type Document, isMap, isPair, isScalar, isSeq, type Node, parseDocument } from "yaml";
import { type Diagnostic, type Path, type Problem, renderPath } from "./diagnostic.ts";
import { indexLines, type LineIndex } from "./line-index.ts";
import { syntaxFindings } from "./yaml-syntax.ts";
import { type RangeFinding, trapFindings } from "./yaml-traps.ts";

/** A file that could be read. */
export interface YamlSource {
  readonly file: string;
  /** Maps as plain objects, every key as text. `null` where a value is empty. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Gives a problem its place; a path that is not in the file falls back to the nearest part that is. */
  locate(problem: Problem): Diagnostic;
}

/** What came of reading a text. */
export type ReadYaml = {
  /** Syntax errors and traps. */
  readonly errors: readonly Diagnostic[];
  /** Absent when the text is so broken that its structure means nothing. */
  readonly source?: YamlSource;
};

/** Parses one YAML 1.2 document whose root is a mapping. Duplicate keys and traps are errors that still give a source. */
export function readYaml(text: string, file: string): ReadYaml {
  const lines = indexLines(text);
  const document = parseDocument(text, {
    prettyErrors: false,
    logLevel: "error",
  });
  const place = (finding: RangeFinding) => toDiagnostic(finding, file, text, lines);
  const syntax = syntaxFindings(document, text);
  const traps = syntax.exhausted ? [] : trapFindings(document, text);
  const covered = new Set(traps.map((trap) => lines.placeOf(trap.start).line));
  const errors = [
    ...traps,
    ...syntax.findings.filter((finding) => !covered.has(lines.placeOf(finding.start).line)),
  ].map(place);
  if (syntax.fatal) return { errors };
  const root = document.contents;
  if (!isMap(root)) return { errors: [...errors, place(rootFinding(document, text))] };
  return { errors, source: { file, value: toPlainMap(root), locate: locator(root, file, text, lines) } };
}

function rootFinding(document: Document, text: string): RangeFinding {
  const empty =
    document.contents === null || (isScalar(document.contents) && document.contents.value === null);
  const start = empty ? 0 : (document.contents?.range?.[0] ?? 0);
  return {
    start,
    end: Math.min(text.length, start + 1),
    key: "",
    message: empty ? "the file is empty" : "the file is not a mapping",
    expected: "lines of the form `key: value`",
  };
}

function toDiagnostic(finding: RangeFinding, file: string, text: string, lines: LineIndex): Diagnostic {
  const start = Math.max(0, Math.min(finding.start, text.length));
  const { line, column } = lines.placeOf(start);
  const endOfLine = text.indexOf("\n", start);
  const end = Math.min(finding.end, endOfLine < 0 ? text.length : endOfLine);
  const { start: _start, end: _end, firstAt, ...rest } = finding;
  return {
    file,
    line,
    column,
    length: Math.max(1, end - start),
    ...rest,
    ...(firstAt === undefined ? {} : { first: lines.placeOf(firstAt) }),
  };
}

function locator(root: Node, file: string, text: string, lines: LineIndex): YamlSource["locate"] {
  const rangeOf = (path: Path, atKey?: boolean): readonly [start: number, end: number] => {
    const { key, value } = find(root, path);
    const [start, end] = ((atKey === true ? key : undefined) ?? value ?? key)?.range ?? [0, 1];
    return [start, end];
  };
  return ({ path, atKey, missing: _, first, ...words }) => {
    const [start, end] = rangeOf(path, atKey);
    const repeats = first === undefined ? {} : { firstAt: rangeOf(first)[0] };
    return toDiagnostic({ start, end, key: renderPath(path), ...words, ...repeats }, file, text, lines);
  };
}

interface Found {
  readonly key: Node | undefined;
  /** Undefined where the value is empty. */
  readonly value: Node | undefined;
}

/**
 * The deepest part of the path that exists. An empty value is found at its key; a missing key is found at the key of the
 * mapping that lacks it, or at the first key of a mapping in a list.
 */
function find(root: Node, path: Path): Found {
  let found: Found = { key: undefined, value: root };
  for (const step of path) {
    const next = child(found.value, step);
    if (next === undefined) {
      const place =
        found.key ??
        (isMap(found.value) ? (found.value.items[0]?.key as Node | undefined) : undefined) ??
        found.value;
      return { key: place, value: place };
    }
    found = next;
  }
  return isEmpty(found.value) ? { key: found.key, value: found.key ?? found.value } : found;
}

function isEmpty(node: Node | undefined): boolean {
  return node === undefined || (isScalar(node) && node.value === null && node.range?.[0] === node.range?.[1]);
}

function child(node: unknown, step: string | number): Found | undefined {
  if (isSeq(node)) {
    const item = typeof step === "number" ? node.items[step] : undefined;
    return item === undefined ? undefined : { key: undefined, value: item as Node };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => keyText(item.key) === String(step));
  return pair === undefined
    ? undefined
    : { key: pair.key as Node, value: (pair.value ?? undefined) as Node | undefined };
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value ?? "") : String(key ?? "");
}

function toPlain(node: unknown): unknown {
  if (isMap(node)) return toPlainMap(node);
  if (isSeq(node)) return node.items.map(toPlain);
  return isScalar(node) ? node.value : null;
}

function toPlainMap(node: unknown): Record<string, unknown> {
  const entries = isMap(node)
    ? node.items.filter(isPair).map((pair) => [keyText(pair.key), toPlain(pair.value)] as const)
    : [];
  return Object.fromEntries(entries);
}
