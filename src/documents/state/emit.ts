/** YAML that a 1.1 reader and a 1.2 reader understand alike. */
import { Document, isScalar, Scalar, visit } from "yaml";
import type { Json } from "./canonical.ts";

/** Text that no reader takes for anything but a string. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_./-]*$/;
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;

/** `key: value` in block style; every string that some reader could misread stands in double quotes, on one line. */
export function yamlSection(key: string, value: Json): string {
  const document = new Document({ [key]: value }, { version: "1.2", aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && typeof node.value === "string") node.type = styleOf(node.value);
    },
  });
  const options = {
    lineWidth: 0,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    flowCollectionPadding: false,
  };
  return document.toString(options).replace(UNSAFE, escaped);
}

/** Pretty JSON as the value of a nested key: a flow mapping for YAML, one member per line for `git diff`. */
export function jsonBlock(value: Json, indent: string): string {
  return JSON.stringify(value, null, 1).replace(UNSAFE, escaped).replace(/\n/g, `\n${indent}`);
}

function styleOf(text: string): Scalar.Type {
  return PLAIN.test(text) && !WORDS.test(text) ? Scalar.PLAIN : Scalar.QUOTE_DOUBLE;
}

/** Characters that YAML 1.1 takes for line breaks or refuses; they can only stand between double quotes. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
