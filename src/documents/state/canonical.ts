/** One text per value: keys sorted, nothing undefined. What the hash is taken over and how the state is stored. */
import { createHash } from "node:crypto";

/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The value with keys sorted in every map, without undefined members and without negative zero: its text depends on the content alone. */
export function canonical(value: unknown): Json {
  if (Array.isArray(value)) return value.map((item) => canonical(item ?? null));
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(entries.sort(byKey).map(([key, member]) => [key, canonical(member)]));
  }
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  return value === 0 ? 0 : value;
}

/** SHA-256 over the canonical text of a value, hex. */
export function hashOf(value: unknown): string {
  return hashOfCanonical(canonical(value));
}

/** The same for a value that is canonical already. */
export function hashOfCanonical(value: Json): string {
  return createHash("sha256").update(JSON.stringify(value), "utf8").digest("hex");
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
