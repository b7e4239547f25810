/**
 * Newline-delimited JSON between viewers and the coordinator, on a socket that only its owner can reach.
 *
 * Every request has an `id` and gets exactly one response with it; pushes have none and follow the order of the journal.
 */
import { type ErrorKind, SignalboxError } from "../../core/errors.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { PersonCommand } from "../../core/workflow/command.ts";
import type { WorkflowEvent } from "../../core/workflow/event.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { refusalOfTheSystem } from "../fs/system-refusal.ts";
import type { ControlResult } from "./engine-control.ts";

/** Rises when a message changes its meaning; a viewer and a coordinator of different protocols do not talk. */
export const PROTOCOL = 1;

export type RequestBody =
  | { readonly method: "hello"; readonly protocol: number }
  | { readonly method: "create"; readonly plan: Plan; readonly by: string }
  | { readonly method: "open"; readonly workflow: string }
  | { readonly method: "submit"; readonly workflow: string; readonly command: PersonCommand }
  | { readonly method: "subscribe"; readonly workflow: string }
  | { readonly method: "status" }
  | { readonly method: "stop"; readonly onlyIdle: boolean };

export type Request = { readonly id: number } & RequestBody;

/** Who answers on a socket. */
export interface CoordinatorInfo {
  readonly protocol: number;
  readonly version: string;
  readonly pid: number;
  /** ISO time of its start. */
  readonly since: string;
}

export interface CoordinatorStatus extends CoordinatorInfo {
  readonly busy: boolean;
  readonly viewers: number;
  /** Workflows that could not be taken up again, with the reason. */
  readonly unopened: readonly { readonly workflow: string; readonly reason: string }[];
}

/** Result by method. */
export interface Results {
  readonly hello: CoordinatorInfo;
  readonly create: { readonly state: WorkflowState };
  readonly open: { readonly state: WorkflowState };
  readonly submit: { readonly outcome: ControlResult };
  readonly subscribe: { readonly state: WorkflowState };
  readonly status: CoordinatorStatus;
  readonly stop: { readonly stopping: boolean };
}

export interface WireError {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
  readonly hints: readonly string[];
}

export type Response =
  | { readonly id: number; readonly ok: true; readonly result: Results[keyof Results] }
  | { readonly id: number; readonly ok: false; readonly error: WireError };

/** Sent to subscribers of a workflow after every durable append. `seq` counts journal entries. */
export interface Push {
  readonly push: "update";
  readonly workflow: string;
  readonly seq: number;
  readonly events: readonly WorkflowEvent[];
}

/** One message as a line with its newline. */
export function encodeLine(message: Request | Response | Push): string {
  return `${JSON.stringify(message)}\n`;
}

/** Cuts a byte stream into parsed lines; a line that is no JSON object ends the connection by throwing. */
export function lineReader(
  onMessage: (message: Readonly<Record<string, unknown>>) => void,
): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = rest.subarray(0, end).toString("utf8");
      rest = rest.subarray(end + 1);
      if (line !== "") onMessage(parseObject(line));
    }
  };
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(line);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`not a message: ${line.slice(0, 100)}`);
  return value as Record<string, unknown>; // an object by the line above
}

export function toWireError(error: unknown): WireError {
  const told = error instanceof SignalboxError ? error : refusalOfTheSystem(error);
  if (told !== null) return { kind: told.kind, code: told.code, message: told.message, hints: told.hints };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: "internal", code: "internal", message, hints: [] };
}

export function fromWireError(error: WireError): SignalboxError {
  return new SignalboxError(error.kind, error.code, error.message, error.hints);
}
