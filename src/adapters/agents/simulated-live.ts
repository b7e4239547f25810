/** The questions and tool calls of a simulated session before its work. Calls are told, not carried out. */
import { plannedAsks, plannedCalls } from "../scenario/live.ts";
import type { PlannedCall } from "../scenario/scenario.ts";
import type { Play } from "./simulated-files.ts";

/** False once the session was stopped. */
export async function playLive(play: Play): Promise<boolean> {
  const { facts, scenario, io, heard } = play;
  for (const { question, options = [] } of plannedAsks(scenario, facts)) {
    const reply = await io.ask?.({ kind: "agent", question, choices: options });
    if (io.signal.aborted) return false;
    if (reply !== undefined)
      heard.push(`${question} ${reply.by === null ? "" : `${reply.by} answers: `}${reply.text}`);
  }
  return makeCalls(play, plannedCalls(scenario, facts), heard.length);
}

/** The tool calls behind its work; what it was told at any time counts. False once the session was stopped. */
export function playAfterwards(play: Play): Promise<boolean> {
  return makeCalls(play, plannedCalls(play.scenario, play.facts, "work"), 0);
}

/** `known` = how much it had heard already. */
async function makeCalls(play: Play, calls: readonly PlannedCall[], known: number): Promise<boolean> {
  const { heard } = play;
  for (const { tool, input = {}, times = 1, until } of calls) {
    const before = Math.min(known, heard.length);
    for (let made = 0; made < times && !(until === "told" && heard.length > before); made += 1) {
      if (!(await callTool(play, tool, input))) return false;
    }
  }
  return true;
}

async function callTool(
  { emit, think }: Play,
  tool: string,
  input: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const target = String(Object.values(input)[0] ?? "");
  emit({ type: "tool", tool, target, input: JSON.stringify(input) });
  const goesOn = await think();
  emit({ type: "tool-result", tool, error: false, target });
  return goesOn;
}
