/** Reading foreign data without trusting its shape: every reader returns the value or says what is wrong with it. */

/** A value, or why there is none. `reason` is a clause such as `findings[2].evidence is blank`. */
export type Read<T> = { readonly ok: true; readonly value: T } | Unread;

export interface Unread {
  readonly ok: false;
  readonly reason: string;
}

export type Fields = Readonly<Record<string, unknown>>;

export function good<T>(value: T): Read<T> {
  return { ok: true, value };
}

export function bad(reason: string): Unread {
  return { ok: false, reason };
}

/** Own property of foreign data; names such as `constructor` do not reach the prototype. */
export function field(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

export function readFields(value: unknown, path: string): Read<Fields> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return bad(`${path} is ${nameOf(value)}, not an object`);
  }
  return good(value as Fields);
}

export function readText(value: unknown, path: string): Read<string> {
  if (typeof value !== "string") return bad(`${path} is ${nameOf(value)}, not text`);
  return value.trim() === "" ? bad(`${path} is blank`) : good(value.trim());
}

/** A number in [0,1]; a number written as text is refused. */
export function readShare(value: unknown, path: string): Read<number> {
  if (typeof value !== "number") return bad(`${path} is ${nameOf(value)}, not a number`);
  if (!(value >= 0 && value <= 1)) return bad(`${path} is ${value}, outside 0..1`);
  return good(value);
}

export function readWord<T extends string>(value: unknown, words: readonly T[], path: string): Read<T> {
  const word = words.find((w) => w === value);
  return word === undefined ? bad(`${path} is ${nameOf(value)}, not one of ${words.join(", ")}`) : good(word);
}

/** A list of which every entry reads; the first bad entry decides. */
export function readList<T>(
  value: unknown,
  path: string,
  readEntry: (entry: unknown, path: string) => Read<T>,
): Read<readonly T[]> {
  if (!Array.isArray(value)) return bad(`${path} is ${nameOf(value)}, not a list`);
  const entries: T[] = [];
  for (const [index, entry] of value.entries()) {
    const read = readEntry(entry, `${path}[${index}]`);
    if (!read.ok) return read;
    entries.push(read.value);
  }
  return good(entries);
}

/** How a foreign value is named in a reason: short, and never its whole content. */
function nameOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return `the text ${JSON.stringify(value.slice(0, 40))}`;
  return typeof value === "object" ? "an object" : String(value);
}
