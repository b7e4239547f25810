/** Whether work that was joined with what is merged still has both sides. Source: domain §20 no. 5. */
import type { JoinedReport } from "../workflow/outcome.ts";
import type { RawFinding } from "./raw-finding.ts";

/** All CRITICAL: marks that are left, and every line of a side that is gone without a reason. `leftOut`: the reasons, as they were given. */
export function joinedFindings(
  joined: JoinedReport | undefined,
  leftOut: readonly string[],
): readonly RawFinding[] {
  if (joined === undefined) return [];
  const unexplained = joined.dropped.filter((line) => !isExplained(line, leftOut));
  return [
    ...joined.marks.map(markFinding),
    ...unexplained.map(droppedFinding),
    ...((joined.more ?? 0) > 0 ? [moreFinding(joined.more ?? 0)] : []),
  ];
}

type Dropped = JoinedReport["dropped"][number];

/** `- src/app.ts: const x = 1 -- both sides set it`: the path, the line as it was, and a reason behind it. */
export function isExplained(
  { path, text }: Pick<Dropped, "path" | "text">,
  leftOut: readonly string[],
): boolean {
  return leftOut.some((item) => {
    const at = item.indexOf(text.trim());
    return item.includes(path) && at >= 0 && REASON.test(item.slice(at + text.trim().length));
  });
}

const REASON = /(?:--|[—–]|\bbecause\b)\s*\S/;

function markFinding(place: string): RawFinding {
  return {
    type: "CONTRADICTION",
    severity: "CRITICAL",
    section: place,
    evidence: "A mark of the conflict is left here.",
    action: "Write what both sides wanted in place of the marks.",
  };
}

function droppedFinding({ side, path, line, text }: Dropped): RawFinding {
  const whose = side === "own" ? "of the approved work" : "of what was merged meanwhile";
  return {
    type: "CONTRADICTION",
    severity: "CRITICAL",
    section: `${path}:${line}`,
    evidence: `This line ${whose} is gone: ${text.trim()}`,
    action: "Put it back, or name it under `Left out` in the closing report with the reason.",
  };
}

function moreFinding(more: number): RawFinding {
  return {
    type: "CONTRADICTION",
    severity: "CRITICAL",
    section: "join",
    evidence: `${more} more lines of both sides are gone.`,
    action: "Join both sides line by line.",
  };
}
