/**
 * Places where legal YAML means something else than what it looks like. They are refused, never guessed
 * (definition format, "YAML traps").
 */
import { type Document, isMap, isPair, isScalar, isSeq, type Node, type Pair, Scalar, visit } from "yaml";
import { renderPath } from "./diagnostic.ts";
import { shorten } from "./plain.ts";

/** A finding by character offsets; located by the caller. */
export interface RangeFinding {
  readonly start: number;
  readonly end: number;
  readonly key: string;
  readonly message: string;
  readonly expected?: string;
  readonly hint?: string;
  /** Offset of what this repeats. */
  readonly firstAt?: number;
}

/** Text that an unquoted `#` cut off, values that split at a comma, anchors, aliases, tags, merge keys, swallowed list items. */
export function trapFindings(document: Document, text: string): readonly RangeFinding[] {
  const findings: RangeFinding[] = [];
  const add = (path: Ancestors, finding: Trap | undefined) => {
    if (finding !== undefined) findings.push({ ...finding, key: keyOf(path) });
  };
  visit(document, {
    Alias: (_, node, path) => add([...path, node], aliasTrap(node, text)),
    Collection: (_, node, path) => add([...path, node], markTrap(node, text)),
    Scalar: (_, node, path) => {
      add([...path, node], markTrap(node, text));
      add([...path, node], commentTrap(node, text));
      add([...path, node], swallowedItemTrap(node, text));
    },
    Pair: (_, pair, path) => {
      add([...path, pair], keyTrap(pair));
      const parent = path.at(-1);
      if (isMap(parent) && parent.flow === true) add([...path, pair], commaTrap(pair, text));
    },
  });
  return findings;
}

type Trap = Omit<RangeFinding, "key">;

type Ancestors = readonly unknown[];

/** Dotted path of the keys above a node. */
function keyOf(ancestors: Ancestors): string {
  const steps = ancestors.flatMap((ancestor, index): readonly (string | number)[] => {
    if (isPair(ancestor)) return [isScalar(ancestor.key) ? String(ancestor.key.value) : "?"];
    const next = ancestors[index + 1];
    return isSeq(ancestor) && next !== undefined ? [ancestor.items.indexOf(next)] : [];
  });
  return renderPath(steps);
}

function spanOf(node: Node): { readonly start: number; readonly end: number } {
  const [start, end] = node.range ?? [0, 1];
  return { start, end };
}

/** An alias has no use here, and `*.env` is one by accident. */
function aliasTrap(node: Node, text: string): Trap {
  const { start, end } = spanOf(node);
  const written = text.slice(start, end).trim();
  return {
    start,
    end,
    message: `the unquoted ${shorten(written)} is a YAML alias, not text`,
    hint: `Quote it: "${shorten(written)}".`,
  };
}

function markTrap(node: Node, text: string): Trap | undefined {
  const { start, end } = spanOf(node);
  if ("anchor" in node && node.anchor !== undefined) {
    return {
      start,
      end,
      message: `the anchor &${node.anchor} is not supported`,
      hint: "Repeat the value, or quote a text that starts with `&`.",
    };
  }
  if (node.tag === undefined) return undefined;
  const match = /!\S*(?=\s*$)/.exec(text.slice(0, start));
  const from = match?.index ?? start;
  const written = match?.[0] ?? node.tag;
  return {
    start: from,
    end: from + written.length,
    message: `the tag ${shorten(written)} is not supported`,
    hint: "Quote a text that starts with `!`.",
  };
}

/**
 * `Fix #41` loses its number: `#` after a space starts a comment. A comment as such is told by a space after the `#`,
 * and, behind several words, by two spaces before it.
 */
function commentTrap(node: Scalar, text: string): Trap | undefined {
  if (node.type !== Scalar.PLAIN || node.range === undefined || node.range === null) return undefined;
  const [start, end] = node.range;
  const empty = start === end;
  const match = (empty ? /^([ \t]*)(#+)([^\r\n]*)/ : /^([ \t]+)(#+)([^\r\n]*)/).exec(
    text.slice(end, end + 400),
  );
  if (match === null) return undefined;
  const [, gap = "", marks = "", rest = ""] = match;
  const glued = marks.length === 1 && /^[^\s!]/.test(rest);
  const prose = typeof node.value === "string" && /\s/.test(node.value) && gap === " ";
  const lost = typeof node.value === "string" || node.value === null;
  if (!lost || !(glued || prose)) return undefined;
  return {
    start: end + gap.length,
    end: end + match[0].length,
    message: `"${shorten(marks + rest)}" is lost: an unquoted # after a space starts a comment`,
    hint: `Quote the whole value: "${shorten(text.slice(start, end) + match[0])}". A real comment has two spaces before the # and one after it.`,
  };
}

/** A list item that is indented too far becomes part of the text above it. */
function swallowedItemTrap(node: Scalar, text: string): Trap | undefined {
  if (node.type !== Scalar.PLAIN || node.range === undefined || node.range === null) return undefined;
  const [start, end] = node.range;
  const match = /\n[ \t]*(- )/.exec(text.slice(start, end));
  if (match === null) return undefined;
  const at = start + match.index + match[0].length - 2;
  return {
    start: at,
    end: at + 1,
    message: "this list item is indented too far and is read as part of the text above it",
    hint: "Give it the indentation of the items above it.",
  };
}

function keyTrap(pair: Pair<unknown, unknown>): Trap | undefined {
  const key = pair.key;
  if (isMap(key) || isSeq(key)) {
    return { ...spanOf(key), message: "a key is a list or a mapping", expected: "text as a key" };
  }
  if (!isScalar(key)) return undefined;
  if (key.value === "<<")
    return { ...spanOf(key), message: "the merge key << is not supported", hint: "Repeat the keys." };
  if (key.value === "__proto__") return { ...spanOf(key), message: "the key __proto__ is not allowed" };
  return undefined;
}

/** `{ brief: Research, analysis }` is a key `brief` and an empty key `analysis`. */
function commaTrap(pair: Pair<unknown, unknown>, text: string): Trap | undefined {
  if (!isScalar(pair.key) || pair.value !== null) return undefined;
  const { start, end } = spanOf(pair.key);
  if (/^\s*:/.test(text.slice(end, end + 50))) return undefined;
  return {
    start,
    end,
    message: `"${shorten(String(pair.key.value))}" stands after a comma inside { } and is read as a key of its own`,
    hint: "Quote the value before it, or give this key a value.",
  };
}
