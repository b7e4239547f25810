/** The files that a simulated session leaves, within its write boundary. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Denial } from "../../core/workflow/outcome.ts";
import type { AgentIo, SessionSpec } from "../../ports/session-host.ts";
import { artifactText } from "../scenario/artifact.ts";
import { plannedEdits } from "../scenario/changes.ts";
import type { PromptFacts } from "../scenario/header.ts";
import { withRemarks } from "../scenario/live.ts";
import type { Fault, Scenario } from "../scenario/scenario.ts";
import type { Emit } from "./session-io.ts";
import { refuseWrite } from "./write-boundary.ts";

/** One session that is being played. */
export interface Play {
  readonly spec: SessionSpec;
  readonly facts: PromptFacts;
  readonly scenario: Scenario;
  readonly fault: Fault | null;
  readonly io: AgentIo;
  readonly emit: Emit;
  readonly denials: Denial[];
  /** What people answered and said, oldest first. */
  readonly heard: string[];
  /** False once the session was stopped. */
  readonly think: () => Promise<boolean>;
}

/** Writes what the assignment asks for, as its fault allows. Refused writes are listed in `denials`. */
export function writeWork(play: Play): void {
  const { spec, facts, fault, scenario } = play;
  if (fault === "denied-write" || fault === "blocked")
    writeFile(play, path.resolve(spec.cwd, "..", "outside.md"), "outside\n");
  if (fault === "blocked" || fault === "no-artifact") return;
  const artifact = spec.artifact ?? facts.artifact;
  if (artifact === null || !["create", "revise", "synthesis"].includes(facts.task)) return;
  if (artifact === "commit") {
    for (const edit of plannedEdits(scenario, facts, spec.writes)) {
      const from = path.resolve(spec.cwd, edit.path);
      const before = contentOf(from);
      if (edit.to === undefined) writeFile(play, from, edit.apply(before));
      else if (before !== null) moveFile(play, from, path.resolve(spec.cwd, edit.to), edit.apply(before));
    }
    return;
  }
  const text =
    fault === "empty-artifact" ? "" : withRemarks(artifactText(facts, scenario.seed ?? ""), play.heard);
  writeFile(play, path.resolve(spec.cwd, artifact), text);
}

function writeFile({ spec, emit, denials }: Play, target: string, content: string): void {
  emit({ type: "tool", tool: "Write", target });
  const reason = refuseWrite(spec, spec.cwd, target);
  if (reason !== null) {
    denials.push({ tool: "Write", target });
    emit({ type: "denied", tool: "Write", target, reason });
    return;
  }
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
  emit({ type: "tool-result", tool: "Write", error: false, target, wrote: target });
}

/** Gone from where it was only where it may stand at its new place. */
function moveFile(play: Play, from: string, to: string, content: string): void {
  writeFile(play, to, content);
  if (contentOf(to) === content && refuseWrite(play.spec, play.spec.cwd, from) === null) rmSync(from);
}

function contentOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
