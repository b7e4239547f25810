/**
 * What an ACP agent may do when it asks: by the tools of its role, the write boundary, and a person for what both leave open. An agent that
 * does not ask is not held by it: what its own tools do is seen in the worktree, and confined by an OS sandbox alone.
 */
import type { SessionSpec } from "../../../ports/session-host.ts";
import { boundaryOf, hasOwnTools } from "../claude-settings.ts";
import { type Fields, listOf, textOf } from "../foreign-data.ts";
import { refuseWrite } from "../write-boundary.ts";
import { filesOf, isChange, isOwnTool, type KnownCall, toolOf } from "./tool-call.ts";

export type Ruling =
  | { readonly rule: "allow" }
  | { readonly rule: "deny"; readonly reason: string }
  /** The rules leave it open: a person may allow it. */
  | { readonly rule: "open"; readonly reason: string };

const ALLOW: Ruling = { rule: "allow" };

/** Tools of a role, any of which allows a kind of call. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  read: ["Read", "Glob", "Grep"],
  search: ["Read", "Glob", "Grep"],
  execute: ["Bash"],
  fetch: ["WebFetch", "WebSearch"],
};

/** What the rules say about a call. */
export function rulingOn(spec: SessionSpec, call: KnownCall): Ruling {
  if (isOwnTool(call) || call.kind === "think") return ALLOW;
  if (isChange(call)) return rulingOnChange(spec, call);
  if (call.kind === "switch_mode") return { rule: "deny", reason: "the mode of a session does not change" };
  const tool = toolOf(call);
  const needs = NEEDS[call.kind] ?? [tool];
  if (needs.some((name) => spec.tools.includes(name))) return ALLOW;
  return { rule: "open", reason: `${tool} is no tool of this role` };
}

/** A person is never asked about the boundary. */
function rulingOnChange(spec: SessionSpec, call: KnownCall): Ruling {
  if (!spec.tools.some((tool) => tool === "Edit" || tool === "Write"))
    return { rule: "deny", reason: "this role changes no files" };
  const files = filesOf(call);
  const reasons = (files.length === 0 ? [null] : files).map((file) =>
    refuseWrite(boundaryOf(spec), spec.cwd, file),
  );
  const reason = reasons.find((one) => one !== null);
  return reason == null ? ALLOW : { rule: "deny", reason };
}

/** Reviewers ask nothing: they are to look, not to act. */
export function asksPeople(spec: SessionSpec): boolean {
  return spec.permissions === "ask" && hasOwnTools(spec);
}

/**
 * The answer of the protocol, chosen by kind because ids differ between agents. What would hold for more than this one call is never chosen
 * to allow it; null where the agent offers no way to allow it once.
 */
export function allowed(options: unknown): Record<string, unknown> | null {
  const once = listOf(options).find((option) => option.kind === "allow_once");
  return once === undefined ? null : selected(once);
}

export function rejected(options: unknown): Record<string, unknown> {
  const found =
    listOf(options).find((option) => option.kind === "reject_once") ??
    listOf(options).find((option) => option.kind === "reject_always");
  return found === undefined ? { outcome: { outcome: "cancelled" } } : selected(found);
}

function selected(option: Fields): Record<string, unknown> {
  return { outcome: { outcome: "selected", optionId: textOf(option.optionId) } };
}
