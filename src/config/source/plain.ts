/** Lenient reads of parsed YAML, for rules that must also work on a file with mistakes in it. */

/** A mapping of the file as a plain object. */
export type PlainMap = Readonly<Record<string, unknown>>;

/** The value as a mapping; undefined for anything else. */
export function asMap(value: unknown): PlainMap | undefined {
  return isMap(value) ? value : undefined;
}

/** True for a mapping, false for lists, scalars and null. */
export function isMap(value: unknown): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as a list; anything else is an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as non-empty text; undefined for anything else. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** Own property, so that a key such as `constructor` is never found on the prototype. */
export function own(map: PlainMap | undefined, key: string): unknown {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}

/** One text or a list of texts, each with its path. Values that are no text are left out. */
export function textsAt(value: unknown, path: readonly (string | number)[]): readonly TextAt[] {
  const single = asText(value);
  if (single !== undefined) return [{ text: single, path }];
  return asList(value).flatMap((item, index) => {
    const text = asText(item);
    return text === undefined ? [] : [{ text, path: [...path, index] }];
  });
}

/** A text and where it stands. */
export interface TextAt {
  readonly text: string;
  readonly path: readonly (string | number)[];
}

/** A word for what a value is: `text`, `a number`, `a list`, `a mapping`, `nothing`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "string") return `the text "${shorten(value)}"`;
  return typeof value === "number" ? `the number ${value}` : `${value}`;
}

/** At most 40 characters on one line. */
export function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= 40 ? line : `${line.slice(0, 39)}…`;
}
