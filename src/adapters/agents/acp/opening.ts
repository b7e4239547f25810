/**
 * From a started program to a conversation: initialise, log in where configured, begin or continue, choose mode and model. That an agent can
 * continue conversations is believed once it has done so: what it says of itself decides only what is tried.
 */
import type { SessionEnd } from "../../../core/workflow/outcome.ts";
import type { SessionSpec } from "../../../ports/session-host.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../foreign-data.ts";
import type { Emit } from "../session-io.ts";
import { EndedEarly, textOfError } from "./ending.ts";
import { metaOf } from "./known-agents.ts";
import { type AcpLink, ProcessGone } from "./link.ts";

/** The version that we speak. */
const PROTOCOL_VERSION = 1;

export interface Conversation {
  /** The agent's own id of it. */
  readonly id: string;
  /** False where a later session cannot continue it. */
  readonly lasts: boolean;
}

/** Agents that said they can continue a conversation and could not, by their command, since this process began. */
const forgetful = new Set<string>();

/** Rejects with `EndedEarly`, `ProcessGone`, or what the agent says against it. */
export async function openConversation(
  link: AcpLink,
  spec: SessionSpec,
  servers: readonly Fields[],
  emit: Emit,
): Promise<Conversation> {
  const agent = await link.request("initialize", {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: { fs: { readTextFile: false, writeTextFile: true }, terminal: false },
    clientInfo: { name: "signalbox", version: "1" },
  });
  if (agent.protocolVersion !== PROTOCOL_VERSION)
    throw crashed(
      `it speaks version ${String(agent.protocolVersion)} of the protocol, not ${PROTOCOL_VERSION}`,
    );
  emit({ type: "note", text: `${nameOf(agent)}, over ACP` });
  if (spec.agent?.auth !== undefined) await link.request("authenticate", { methodId: spec.agent.auth });
  const ways = waysToContinue(agent);
  const place = { cwd: spec.cwd, mcpServers: servers, _meta: metaOf(spec) };
  const opened = spec.resume
    ? await continued(link, spec, ways, place)
    : await link.request("session/new", place);
  const id = spec.resume ? spec.conversation : textOf(opened.sessionId);
  const lasts = ways.length > 0 && !forgetful.has(keyOf(spec));
  emit({ type: "conversation", id: lasts ? id : "" });
  await choose(link, spec, { id, opened }, emit);
  return { id, lasts };
}

function nameOf(agent: Fields): string {
  const info = fieldsOf(agent.agentInfo);
  return `${textOf(info.title) || textOf(info.name) || "an agent without a name"} ${textOf(info.version)}`.trim();
}

/** Continuing without the history told again comes first. */
function waysToContinue(agent: Fields): readonly string[] {
  const can = fieldsOf(agent.agentCapabilities);
  const resumes = fieldsOf(can.sessionCapabilities).resume;
  return [
    ...(typeof resumes === "object" && resumes !== null ? ["session/resume"] : []),
    ...(can.loadSession === true ? ["session/load"] : []),
  ];
}

/** The words `No conversation found` tell the core that a fresh one takes over, with a summary. */
async function continued(
  link: AcpLink,
  spec: SessionSpec,
  ways: readonly string[],
  place: Fields,
): Promise<Fields> {
  const said: string[] = [];
  for (const way of ways) {
    try {
      const opened = await link.request(way, { sessionId: spec.conversation, ...place });
      forgetful.delete(keyOf(spec));
      return opened;
    } catch (error) {
      if (error instanceof ProcessGone) throw error;
      said.push(`${way}: ${textOfError(error)}`);
    }
  }
  if (ways.length > 0) forgetful.add(keyOf(spec));
  throw crashed(
    `No conversation found: the agent cannot continue ${spec.conversation} (${said.join("; ") || "it says that it continues none"})`,
    "backoff",
  );
}

interface Opened {
  readonly id: string;
  readonly opened: Fields;
}

/** The mode as configured, which must be had; model and effort where the agent has them to choose. */
async function choose(link: AcpLink, spec: SessionSpec, { id, opened }: Opened, emit: Emit): Promise<void> {
  const { mode } = spec.agent ?? {};
  if (mode !== undefined) {
    await link.request("session/set_mode", { sessionId: id, modeId: mode }).catch((error: unknown) => {
      throw crashed(`it has no mode ${mode}: ${textOfError(error)}`);
    });
  }
  for (const [category, wanted] of [
    ["model", spec.model],
    ["thought_level", spec.effort],
  ] as const) {
    if (wanted === undefined) continue;
    const option = listOf(opened.configOptions).find((one) => one.category === category);
    const value = valueIn(option, wanted);
    if (option === undefined || value === null) {
      emit({
        type: "note",
        text: `it has no ${category === "model" ? "model" : "effort"} ${wanted} to choose, and goes on with its own`,
      });
    } else {
      await link.request("session/set_config_option", { sessionId: id, configId: textOf(option.id), value });
    }
  }
}

/** Values may stand in groups; a part of a name is enough where it is the only one with it. */
function valueIn(option: Fields | undefined, wanted: string): string | null {
  const options = listOf(option?.options).flatMap((one) =>
    one.options === undefined ? [one] : listOf(one.options),
  );
  const values = options.map((one) => textOf(one.value));
  if (values.includes(wanted)) return wanted;
  const alike = values.filter((value) => value.includes(wanted));
  return alike.length === 1 ? (alike[0] ?? null) : null;
}

function keyOf(spec: SessionSpec): string {
  return JSON.stringify(spec.agent?.command ?? []);
}

function crashed(message: string, retry: "never" | "backoff" = "never"): EndedEarly {
  const end: SessionEnd = { kind: "crashed", message, retry };
  return new EndedEarly(end);
}
