/**
 * Real processes, really killed: `npm run chaos -- [--each N] [--faults a,b] [--seed S] [--at ENTRIES] [--jobs N] [--write]`.
 * The moments of each fault are spread evenly over the journal of an undisturbed run. Ends with 1 unless every run survived
 * with nothing lost, duplicated or left over.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { builtProduct } from "../support/e2e-build.ts";
import { type Disturbed, disturb, type Moment, undisturbed } from "./disturb.ts";
import { FAULTS, type Fault } from "./faults.ts";
import { rowsOf, tableOf } from "./table.ts";

const { values } = parseArgs({
  options: {
    each: { type: "string", default: "20" },
    faults: { type: "string", default: FAULTS.map(({ name }) => name).join(",") },
    seed: { type: "string", default: "1" },
    at: { type: "string" },
    jobs: { type: "string", default: "3" },
    write: { type: "boolean", default: false },
  },
});

const PAGE = "docs/safety.md";
const [BEGIN, END] = ["<!-- table: begin -->", "<!-- table: end -->"];

function chosen(): readonly Fault[] {
  const names = values.faults.split(",");
  const unknown = names.find((name) => FAULTS.every((one) => one.name !== name));
  if (unknown !== undefined) {
    console.error(`no fault is called ${unknown}. There are: ${FAULTS.map(({ name }) => name).join(", ")}`);
    process.exit(2);
  }
  return FAULTS.filter(({ name }) => names.includes(name));
}

function momentsOf(entries: number, row: number): readonly Moment[] {
  const seed = Number(values.seed);
  if (values.at !== undefined) return [{ entries: Number(values.at), seed }];
  const each = Number(values.each);
  return Array.from({ length: each }, (_, index) => ({
    // Rows do not all strike at the same places.
    entries: 2 + Math.floor(((index + (row % 7) / 7) * (entries - 4)) / each),
    seed: seed + row * 1000 + index,
  }));
}

function tell(run: Disturbed): void {
  const { verdict, failure, moment } = run;
  const isGood = !run.struck || (failure === null && verdict.survived && verdict.leftOver.length === 0);
  const again = `npm run chaos -- --faults ${run.fault} --at ${moment.entries} --seed ${moment.seed}`;
  const said = run.struck ? (isGood ? "survived" : "FAILED") : "was over before";
  console.log(`${said.padEnd(15)} ${run.fault} at ${moment.entries}${isGood ? "" : `   again: ${again}`}`);
  const { lost, duplicated, leftOver } = verdict;
  if (failure !== null) console.log(`  ${failure}`);
  for (const [what, names] of Object.entries({ lost, duplicated, leftOver, asked: run.asked }))
    for (const name of names) console.log(`  ${what}: ${name}`);
}

async function runAll(work: readonly (() => Promise<Disturbed>)[]): Promise<readonly Disturbed[]> {
  const queue = [...work];
  const runs: Disturbed[] = [];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const run = await next();
      tell(run);
      runs.push(run);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
  return runs;
}

const product = await builtProduct();
const { left, entries } = await undisturbed(product);
const faults = chosen();
const work = faults.flatMap((fault, row) =>
  momentsOf(entries, row).map((moment) => () => disturb(product, fault, moment, left)),
);
console.log(`An undisturbed run has ${entries} entries in its journal. ${work.length} runs with a fault:`);
const runs = await runAll(work);
const rows = rowsOf(faults, runs);
const table = tableOf(rows);
console.log(`\n${table}`);
if (values.write) {
  const page = readFileSync(PAGE, "utf8");
  const [before = "", rest = ""] = page.split(BEGIN);
  writeFileSync(PAGE, `${before}${BEGIN}\n${table}\n${END}${rest.split(END)[1] ?? ""}`);
}
const isClean = rows.every(
  (row) => row.tried === row.survived && row.duplicated + row.leftOver + row.lost === 0,
);
process.exitCode = isClean ? 0 : 1;
