/** How long a command that only looks takes, against the start of Node itself. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { MULTI } from "../test/builders/worlds.ts";
import { pair } from "./paired.ts";
import { inFolder, makeRepository, writeJournal } from "./scratch.ts";
import type { Row, Section } from "./section.ts";
import { finishedHistory } from "./workflows.ts";

const BASELINE = "node -e 0";
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  "--help": ["--help"],
  status: ["status"],
  "status --json": ["status", "--json"],
  "ps --all": ["ps", "--all"],
};
const AIMS: Readonly<Record<string, number>> = { "--help": 2.5, status: 2.5 };

/** `program` is the built command. */
export function startUp(program: string, rounds: number): Promise<Section> {
  return inFolder(async (folder) => {
    makeRepository(folder);
    const history = finishedHistory();
    writeJournal(join(folder, ".git"), MULTI.workflow.id, history);
    const run = (args: readonly string[]) => () => wallOf([...args], folder);
    const commands = Object.entries(COMMANDS).map(([name, args]) => [name, run([program, ...args])] as const);
    const result = await pair({ [BASELINE]: run(["-e", "0"]), ...Object.fromEntries(commands) }, rounds);
    const rows = Object.keys(COMMANDS).map((name): Row => {
      const ratio = result.ratio[name];
      const aim = AIMS[name];
      return {
        name,
        value: ratio?.median ?? Number.NaN,
        unit: "x",
        spread: [ratio?.low ?? Number.NaN, ratio?.high ?? Number.NaN],
        ...(aim === undefined ? {} : { aim }),
        remark: `${result.ms[name]?.median.toFixed(0)} ms`,
      };
    });
    return {
      id: "start-up",
      title: "Start-up",
      about: `a finished workflow of ${history.length} events, against ${BASELINE} (${result.ms[BASELINE]?.median.toFixed(0)} ms), ${rounds} rounds`,
      rows,
    };
  });
}

function wallOf(args: readonly string[], cwd: string): number {
  const env = { PATH: process.env.PATH, HOME: cwd, GIT_CONFIG_NOSYSTEM: "1" };
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: "utf8" });
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return wall;
}
