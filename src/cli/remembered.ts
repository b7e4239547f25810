/** What a person answered once in this repository: machine-local, beside the journals, never committed. */
import { join } from "node:path";
import { readJsonIfThere } from "../adapters/fs/read-file.ts";
import { replaceFile } from "../adapters/fs/replace-file.ts";

export interface Remembered {
  /** Check commands for work where nothing names any; empty = deliberately none. */
  readonly checks?: readonly string[];
  /** Who may be charged without being asked again, in the words that were shown. */
  readonly payers?: readonly string[];
}

/** Empty where nobody answered anything yet, or where the file is damaged: then it is asked again. */
export async function readRemembered(commonDir: string): Promise<Remembered> {
  const found: unknown = await readJsonIfThere(fileOf(commonDir));
  if (typeof found !== "object" || found === null) return {};
  const { checks, payers } = found as Readonly<Record<string, unknown>>;
  return {
    ...(isTexts(checks) ? { checks } : {}),
    ...(isTexts(payers) ? { payers } : {}),
  };
}

/** Adds answers to those that are there; an answer of the same kind is replaced. */
export async function remember(commonDir: string, answers: Remembered): Promise<void> {
  const known = await readRemembered(commonDir);
  await replaceFile(fileOf(commonDir), `${JSON.stringify({ ...known, ...answers }, null, 2)}\n`);
}

function fileOf(commonDir: string): string {
  return join(commonDir, "signalbox", "remembered.json");
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
