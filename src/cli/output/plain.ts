// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is being removed
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text that agents, files or models wrote, made safe for a terminal: no escape sequences, no control characters but tab and
 * line break, nothing that turns the direction of writing. It could otherwise move the cursor and paint over what we say.
 */
export function plainText(text: string): string {
  return text.replace(CONTROL, "");
}

/** A value with every text in it made plain, keys as they are. */
export function plainValue<T>(value: T): T {
  if (typeof value === "string") return plainText(value) as T;
  if (Array.isArray(value)) return value.map(plainValue) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)])) as T;
}

/** The same on one line. */
export function plainLine(text: string): string {
  return plainText(text.replace(/\s*[\r\n]+\s*/g, " "));
}
