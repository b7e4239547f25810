/**
 * The whole acceptance as a program: every story with every kind of agent, then a table of what occurred.
 * `[--agents simulated,claude,acp:claude] [--stories multi-instance] [--seeds a,b] [--short]`. Ends with 1 when anything was wrong.
 */
import { parseArgs } from "node:util";
import { realAcp } from "../support/real-acp.ts";
import { realClaudeMissing } from "../support/real-claude.ts";
import { type BuiltProduct, buildProduct } from "./built-product.ts";
import { OCCURRENCES } from "./occurrences.ts";
import { type Agent, acpName } from "./place.ts";
import { type Played, play } from "./play.ts";
import {
  EN108,
  EN108_CANCELLED,
  EN108_SHORT,
  MULTI_INSTANCE,
  MULTI_INSTANCE_CANCELLED,
  MULTI_INSTANCE_SHORT,
} from "./stories.ts";
import type { Story } from "./story.ts";

/** Longest time of one story: real agents start one process per session. */
const LIMIT_MS = 60 * 60_000;

const STORIES = [MULTI_INSTANCE, MULTI_INSTANCE_CANCELLED, EN108, EN108_CANCELLED];
const SHORT = [MULTI_INSTANCE_SHORT, EN108_SHORT];

interface Cell {
  readonly story: Story;
  readonly agent: Agent;
  readonly seed: string | undefined;
  readonly played: Played;
}

const { values } = parseArgs({
  options: {
    agents: { type: "string" },
    stories: { type: "string" },
    seeds: { type: "string" },
    short: { type: "boolean", default: false },
  },
});
/** Agents over ACP that nobody has installed are told and left out. */
const agents = ((values.agents ?? "claude,claude-cli").split(",") as Agent[]).filter((agent) => {
  const acp = acpName(agent);
  return acp === null || realAcp(acp) !== null;
});
const seeds = values.seeds?.split(",") ?? [undefined];
const wanted = values.stories?.split(",");
const stories = (values.short ? SHORT : STORIES).filter(
  ({ name }) => wanted === undefined || wanted.includes(name.split(",")[0] ?? ""),
);
process.exitCode = (await main()) ? 0 : 1;

async function main(): Promise<boolean> {
  const isReal = agents.some((agent) => agent !== "simulated");
  if (isReal && realClaudeMissing() !== null) return false;
  const built = isReal ? await buildProduct() : undefined;
  const cells: Cell[] = [];
  try {
    for (const agent of agents)
      for (const story of stories) for (const seed of seeds) cells.push(await one(story, agent, seed, built));
  } finally {
    built?.remove();
  }
  tellTable(cells);
  return cells.every(({ played }) => played.problems.length === 0);
}

async function one(
  story: Story,
  agent: Agent,
  seed: string | undefined,
  built: BuiltProduct | undefined,
): Promise<Cell> {
  const played = await play(story, {
    agent,
    limitMs: LIMIT_MS,
    ...(seed === undefined ? {} : { shuffle: seed }),
    ...(built === undefined ? {} : { built }),
  });
  const cell = { story, agent, seed, played };
  console.log(
    `${titleOf(cell)}: ${played.status}, ${played.rounds} rounds, ${played.sessions} sessions, ${played.epochs} epochs, ${played.seconds} s`,
  );
  for (const [name, where] of played.occurred) console.log(`  ${name}: ${where}`);
  for (const problem of played.problems) console.log(`  PROBLEM ${problem}`);
  return cell;
}

function titleOf({ story, agent, seed }: Omit<Cell, "played">): string {
  return [story.name, agent, ...(seed === undefined ? [] : [`seed ${seed}`])].join(" / ");
}

/** Rows: what can occur. Columns: runs. `-` where the story does not ask for it. */
function tellTable(cells: readonly Cell[]): void {
  const columns = cells.map((cell) => titleOf(cell));
  const rows = [
    ...OCCURRENCES.map((name) => [
      name,
      ...cells.map(({ played, story }) => markOf(played.occurred.has(name), story.shows.includes(name))),
    ]),
    ["ended", ...cells.map(({ played }) => played.status)],
    ["problems", ...cells.map(({ played }) => String(played.problems.length))],
    ["sessions", ...cells.map(({ played }) => String(played.sessions))],
    ["seconds", ...cells.map(({ played }) => String(played.seconds))],
  ];
  console.log(["", "|  | ", columns.join(" | "), " |"].join(""));
  console.log(`|${" --- |".repeat(columns.length + 1)}`);
  for (const row of rows) console.log(`| ${row.join(" | ")} |`);
}

function markOf(occurred: boolean, asked: boolean): string {
  if (occurred) return "yes";
  return asked ? "MISSING" : "-";
}
