/** `npm run bench [-- --json] [-- --only start-up journal replay worktree rehearsal dispatch sessions conflicts]`: figures measured in one run; docs/benchmarks.md says how to read them. */
import { availableParallelism, loadavg } from "node:os";
import { resolve } from "node:path";
import { conflictMatrix } from "./conflicts.ts";
import { dispatchAgainstScript } from "./dispatch.ts";
import { journalAppends } from "./journal.ts";
import { rehearsal } from "./rehearsal.ts";
import { longReplay } from "./replay.ts";
import { renderSection, type Section } from "./section.ts";
import { manySessions } from "./sessions.ts";
import { startUp } from "./start-up.ts";
import { readyWorktree } from "./worktree.ts";

const [built = "", ...args] = process.argv.slice(2);
const program = resolve(built);
const json = args.includes("--json");
const chosen = args.filter((arg) => !arg.startsWith("-"));

const BENCHMARKS: Readonly<Record<string, () => Promise<Section>>> = {
  "start-up": () => startUp(program, 21),
  journal: () => journalAppends(201),
  replay: () => longReplay(5),
  worktree: () => readyWorktree(5),
  rehearsal: () => rehearsal(),
  dispatch: () => dispatchAgainstScript(program, 3),
  sessions: () => manySessions(program),
  conflicts: () => conflictMatrix(11),
};

const unknown = chosen.filter((name) => BENCHMARKS[name] === undefined);
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are: ${Object.keys(BENCHMARKS).join(", ")}`);
  process.exit(2);
}

const sections: Section[] = [];
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const section = await run();
  sections.push(section);
  if (!json) console.log(renderSection(section));
}
const machine = { cores: availableParallelism(), load: loadavg()[0] ?? 0, node: process.version };
if (json) console.log(JSON.stringify({ schemaVersion: 1, machine, sections }, null, 2));
else console.log(`${machine.cores} cores, load ${machine.load.toFixed(1)}, Node ${machine.node}`);
