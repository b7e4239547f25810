/** Events of an agent's session as lines for people. */
import type { SessionEvent } from "../../ports/session-host.ts";
import { toolName } from "./live-text.ts";
import { plainLine, plainText } from "./plain.ts";
import type { Style } from "./style.ts";
import { clockText, countText, durationText, moneyText } from "./units.ts";

/** One or more lines; text of the agent keeps its line breaks, indented. */
export function sessionLine(event: SessionEvent, style: Style): string {
  return `${style.dim(clockText(event.at))}  ${said(event, style)}`;
}

function said(event: SessionEvent, style: Style): string {
  switch (event.type) {
    case "started":
      return style.dim(`started, pid ${event.pid}${event.version === undefined ? "" : `, ${event.version}`}`);
    case "conversation":
      return style.dim(
        event.id === "" ? "its conversation cannot be continued" : `conversation ${plainLine(event.id)}`,
      );
    case "text":
      return plainText(event.text)
        .trimEnd()
        .split("\n")
        .join(`\n${" ".repeat(10)}`);
    case "tool":
      return `${style.cyan(plainLine(toolName(event.tool)))} ${clipped(plainLine(event.target))}`;
    case "tool-result":
      return event.error
        ? style.red(`${plainLine(toolName(event.tool))} failed`)
        : style.dim(`${plainLine(toolName(event.tool))} done`);
    case "denied":
      return style.yellow(plainLine(`${event.tool} ${event.target} denied: ${event.reason}`));
    case "note":
      return style.dim(plainLine(event.text));
    case "retry":
      return style.yellow(`retries in ${durationText(event.delayMs)}: ${plainLine(event.message)}`);
    case "usage":
      return style.dim(
        `${countText(event.turns, "turn")}${event.costUsd === null ? "" : `, ${moneyText(event.costUsd)}`}`,
      );
    case "asked":
      return style.yellow(plainLine(`asks a person: ${askedText(event)}`));
    case "answered":
      return style.cyan(plainLine(`${event.by ?? "nobody"} answered: ${event.text}`));
    case "said":
      return style.cyan(
        plainLine(`${event.by} ${event.interrupts === true ? "interrupts" : "says"}: ${event.text}`),
      );
    case "trouble":
      return style.red(plainLine(event.reason));
    case "trouble-over":
      return style.dim("the trouble is over");
    case "ended":
      return event.outcome === "ok" ? style.green("ended") : style.red(`ended: ${event.outcome}`);
    default:
      return event satisfies never;
  }
}

function askedText({ kind, question, tool, target }: Extract<SessionEvent, { type: "asked" }>): string {
  return kind === "agent" ? question : `may it use ${tool ?? "a tool"} ${target ?? ""} ${question}`;
}

/** A command line may be long; the whole of it stands in the session's events. */
function clipped(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}
