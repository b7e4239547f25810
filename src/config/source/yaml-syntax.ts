// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the format has expressions of its own
/** Turns the YAML library's errors into sentences about what to write instead. */
import { type Document, isScalar, visit } from "yaml";
import type { RangeFinding } from "./yaml-traps.ts";

/** Syntax errors of a document and how far it can be trusted. */
export interface Syntax {
  /** At most one per line: later errors on a line come from the first. */
  readonly findings: readonly RangeFinding[];
  /** The structure cannot be trusted, so nothing else is checked. */
  readonly fatal: boolean;
  /** Nested so deeply that even walking it is refused. */
  readonly exhausted: boolean;
}

/** Errors that leave the structure as the author meant it. */
const HARMLESS = new Set(["DUPLICATE_KEY"]);

/** Collects the library's errors in our words; directives are refused too. */
export function syntaxFindings(document: Document, text: string): Syntax {
  const deep = document.errors.find((error) => error.code === "RESOURCE_EXHAUSTION");
  if (deep !== undefined) {
    const finding = {
      start: deep.pos[0],
      end: deep.pos[0] + 1,
      key: "",
      message: "lists and mappings are nested too deeply",
    };
    return { findings: [finding], fatal: true, exhausted: true };
  }
  const directive = /^%.*/m.exec(text);
  const findings = firstPerLine(
    text,
    document.errors.map((error) => ({ ...toFinding(error, text), ...repeatedKey(document, error) })),
  );
  if (directive !== null && document.errors.length === 0) findings.unshift(directiveFinding(directive));
  return { findings, fatal: document.errors.some((error) => !HARMLESS.has(error.code)), exhausted: false };
}

function directiveFinding(match: RegExpExecArray): RangeFinding {
  return {
    start: match.index,
    end: match.index + match[0].length,
    key: "",
    message: `the directive ${match[0].trim()} is not supported`,
    expected: "YAML 1.2 without directives",
  };
}

function firstPerLine(text: string, findings: readonly RangeFinding[]): RangeFinding[] {
  const seen = new Set<number>();
  return findings.filter((finding) => {
    const line = text.lastIndexOf("\n", finding.start - 1);
    if (seen.has(line)) return false;
    seen.add(line);
    return true;
  });
}

type YamlError = Document["errors"][number];

function toFinding(error: YamlError, text: string): RangeFinding {
  const [start, end] = error.pos;
  const line = lineAt(text, start);
  return { start, end, key: keyOf(line), ...wordsFor(error, line) };
}

/** The whole of a key that stands twice, and where it stood first. */
function repeatedKey(document: Document, error: YamlError): Partial<RangeFinding> {
  if (error.code !== "DUPLICATE_KEY") return {};
  let found: Partial<RangeFinding> = {};
  visit(document, {
    Map: (_, { items }) => {
      const keys = items.map(({ key }) => key).filter((key) => isScalar(key));
      const second = keys.find((key) => key.range?.[0] === error.pos[0]);
      const first = keys.find((key) => key.value === second?.value);
      if (second?.range === undefined || second.range === null || first?.range == null) return undefined;
      found = { end: second.range[1], firstAt: first.range[0] };
      return visit.BREAK;
    },
  });
  return found;
}

/** The first key on a line, because a broken structure has no path. */
function keyOf(line: string): string {
  return /^[\s-]*([^\s:#{}[\]"']+)\s*:/.exec(line)?.[1] ?? "";
}

type Words = Pick<RangeFinding, "message" | "hint">;

const SPLIT: Words = {
  message: "a plain value with `: ` inside is read as a nested mapping",
  hint: "Quote the whole value, or write it as a block after `|`.",
};

function wordsFor(error: YamlError, line: string): Words {
  if (line.includes("${{") && error.code === "UNEXPECTED_TOKEN") {
    return {
      message: "an unquoted `${{ }}` cannot stand inside { } or [ ]",
      hint: 'Quote it: "${{ inputs.name }}".',
    };
  }
  if (error.code === "UNEXPECTED_TOKEN" && /flow-(?:map|seq)-start/.test(error.message)) {
    return { message: "an unquoted { or [ stands inside a value", hint: "Quote the whole value." };
  }
  switch (error.code) {
    case "BLOCK_AS_IMPLICIT_KEY":
      return line.includes(": ") ? SPLIT : { message: "this line is indented deeper than its neighbours" };
    case "BLOCK_IN_FLOW":
      return SPLIT;
    case "DUPLICATE_KEY":
      return { message: "the same key stands twice in one mapping", hint: "Remove one of the two." };
    case "TAB_AS_INDENT":
      return { message: "a tab is used as indentation", hint: "Indent with spaces." };
    case "MULTIPLE_DOCS":
      return { message: "a second document starts here", hint: "Keep one document in a file." };
    case "BAD_SCALAR_START":
      return { message: "a plain value cannot start with this character", hint: "Quote the value." };
    default:
      return { message: `not valid YAML: ${decapitalise(error.message)}` };
  }
}

function decapitalise(text: string): string {
  const first = text.split("\n", 1)[0] ?? "";
  return first.charAt(0).toLowerCase() + first.slice(1);
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  return text.slice(start, end < 0 ? undefined : end);
}
