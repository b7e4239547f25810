/** Steps from the root of a file to a value: map keys and list indexes. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with a file, at its place. Lines and columns are 1-based. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Characters to underline from `column`, at least 1. */
  readonly length: number;
  /** Dotted path such as `stages[0].slots[1].role`; empty for the file as a whole. */
  readonly key: string;
  readonly message: string;
  /** What would have been right, as a noun phrase. */
  readonly expected?: string;
  /** Nearest valid spelling. */
  readonly nearest?: string;
  readonly hint?: string;
  /** Where the one stands that this repeats. */
  readonly first?: { readonly line: number; readonly column: number };
}

/** A diagnostic that still has to find its place: made by schema and rules, located by `YamlSource`. */
export interface Problem {
  readonly path: Path;
  /** Underline the key instead of the value. */
  readonly atKey?: boolean;
  /** The key that `path` ends with should be there and is not. */
  readonly missing?: boolean;
  readonly message: string;
  readonly expected?: string;
  readonly nearest?: string;
  readonly hint?: string;
  /** The value that this one repeats. */
  readonly first?: Path;
}

/** `["stages", 0, "a -> b"]` becomes `stages[0].a -> b`. */
export function renderPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** Findings of the language first; what is found at the same place afterwards only repeats them. */
export function withoutRepeats(
  first: readonly Diagnostic[],
  later: readonly Diagnostic[],
): readonly Diagnostic[] {
  const places = new Set(first.map(({ line, column }) => `${line}:${column}`));
  return [...first, ...later.filter(({ line, column }) => !places.has(`${line}:${column}`))];
}

/** By line, then column; problems at the same place with the same words are one. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const byPlace = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const place = `${diagnostic.line}:${diagnostic.column}:${diagnostic.message}`;
    if (!byPlace.has(place)) byPlace.set(place, diagnostic);
  }
  return [...byPlace.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}
