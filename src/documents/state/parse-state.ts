/** Reads the state back out of ORCHESTRATION.yaml. Source: design §4 (cross-session portability), §11 no. 9. */
import { LineCounter, parseDocument } from "yaml";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { hashOf } from "./canonical.ts";
import { STATE_FORMAT } from "./state-file.ts";

export type ParsedState =
  | { readonly ok: true; readonly state: WorkflowState; readonly generator: string }
  /** Sentences that say what is wrong and what helps, at least one. */
  | { readonly ok: false; readonly errors: readonly string[] };

const HELP =
  "Restore the file from the last commit of the integration branch, or render it anew with `signalbox docs`.";

/** Most of the text stands behind it, as JSON: reading that as YAML takes many times as long. */
const STATE_KEY = "\n  state: ";

/** The state that the file holds. Only the `signalbox` section counts; the sections above it are derived from it. Never throws. */
export function parseStateDocument(text: string): ParsedState {
  const conflict = text.split("\n").findIndex((line) => /^(<{7}|>{7}) /.test(line));
  if (conflict >= 0)
    return refused(`line ${conflict + 1} is a merge conflict marker; this file is never merged`);
  const lines = new LineCounter();
  const stored = storedState(text);
  const document = parseDocument(stored?.rest ?? text, {
    lineCounter: lines,
    uniqueKeys: true,
    strict: true,
  });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0]);
    return refused(`line ${line}, column ${col}: ${firstLine(broken.message)}`);
  }
  const root: unknown = document.toJS({ maxAliasCount: 0 });
  if (!isRecord(root)) return refused("the file does not hold a mapping");
  const section = root.signalbox;
  return fromSection(stored !== null && isRecord(section) ? { ...section, state: stored.state } : section);
}

/** The last key of the last section, with the text without its value; null where it is not JSON, as somebody else may have written it. */
function storedState(text: string): { readonly rest: string; readonly state: unknown } | null {
  const at = text.indexOf(STATE_KEY, Math.max(0, text.lastIndexOf("\nsignalbox:\n")));
  if (at < 0) return null;
  const from = at + STATE_KEY.length;
  try {
    return { rest: `${text.slice(0, from)}{}\n`, state: JSON.parse(text.slice(from)) };
  } catch {
    return null;
  }
}

function fromSection(section: unknown): ParsedState {
  if (!isRecord(section))
    return refused("the `signalbox` section is missing, so there is no state to continue from");
  const { format, generator, seq, hash, state } = section;
  if (typeof format !== "number" || !Number.isInteger(format) || format < 1)
    return refused("`signalbox.format` is missing");
  if (format > STATE_FORMAT) {
    const by = typeof generator === "string" ? ` by ${generator}` : "";
    return {
      ok: false,
      errors: [
        `It was written${by} in format ${format}; this version reads up to ${STATE_FORMAT}. Install a newer signalbox.`,
      ],
    };
  }
  if (typeof hash !== "string") return refused("`signalbox.hash` is missing");
  const found = hashOf(state);
  if (found !== hash)
    return refused(
      `the state does not match its hash (${hash.slice(0, 16)} is written, ${found.slice(0, 16)} is found): it is damaged or was edited`,
    );
  if (!isState(state)) return refused("`signalbox.state` is not the state of a workflow");
  if (state.seq !== seq)
    return refused(`revision ${String(seq)} is written, but the state has revision ${state.seq}`);
  return { ok: true, state, generator: typeof generator === "string" ? generator : "unknown" };
}

function isState(value: unknown): value is WorkflowState {
  if (!isRecord(value) || typeof value.id !== "string" || typeof value.seq !== "number") return false;
  const plan = value.plan;
  return (
    isRecord(plan) && plan.version === 1 && Array.isArray(plan.deliverables) && isRecord(value.deliverables)
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refused(what: string): ParsedState {
  return { ok: false, errors: [`The state file cannot be read: ${what}.`, HELP] };
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? message).replace(/ at line \d+, column \d+:?$/, "");
}
