/** YAML that a 1.1 reader and a 1.2 reader understand alike. */
import type { Json } from "./canonical.ts";

/** Text that no reader takes for anything but a string. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_./-]*$/;
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;

/** `key: value` in block style; every string that some reader could misread stands in double quotes, on one line. */
export function yamlSection(key: string, value: Json): string {
  return `${block({ [key]: value }, "")}\n`.replace(UNSAFE, escaped);
}

/** Text of a value whose first line stands behind something else already, and whose later ones are indented. */
function block(value: Json, indent: string): string {
  if (!isBlock(value)) return typeof value === "string" ? word(value) : JSON.stringify(value);
  const deeper = `${indent}  `;
  const parts = isList(value)
    ? value.map((item) => `- ${block(item, deeper)}`)
    : Object.entries(value).map(
        ([key, member]) => `${word(key)}:${isBlock(member) ? `\n${deeper}` : " "}${block(member, deeper)}`,
      );
  return parts.join(`\n${indent}`);
}

/** What takes lines of its own; empty lists and maps do not. */
function isBlock(value: Json): value is readonly Json[] | Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

/** Pretty JSON as the value of a nested key: a flow mapping for YAML, one member per line for `git diff`. */
export function jsonBlock(value: Json, indent: string): string {
  return JSON.stringify(value, null, 1).replace(UNSAFE, escaped).replace(/\n/g, `\n${indent}`);
}

function word(text: string): string {
  return PLAIN.test(text) && !WORDS.test(text) ? text : JSON.stringify(text);
}

/** Characters that YAML 1.1 takes for line breaks or refuses; they can only stand between double quotes. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
