/**
 * Switches off each guard of the list by itself and runs the test file that must notice:
 * `npm run guards -- [--only NAME] [--jobs N] [--no-control] [--write]`. Before that each test file is run once as it is (the control):
 * what fails anyway notices nothing. Ends with 1 when a guard is not noticed or its place in the source is not there.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Guard, withoutGuard } from "./guard.ts";
import { GUARDS } from "./guards.ts";
import { runTest } from "./run-test.ts";
import { type Noticed, tableOf } from "./table.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    jobs: { type: "string", default: "2" },
    control: { type: "boolean", default: true },
    write: { type: "boolean", default: false },
  },
  allowNegative: true,
});

const PAGE = "docs/safety.md";
const [BEGIN, END] = ["<!-- guards: begin -->", "<!-- guards: end -->"];

/** Those whose names hold one of the words of `--only`. */
function chosen(): readonly Guard[] {
  const { only } = values;
  const guards =
    only === undefined ? GUARDS : GUARDS.filter(({ name }) => only.some((word) => name.includes(word)));
  if (guards.length > 0) return guards;
  console.error(
    `no guard is called ${only?.join(", ")}. There are:\n${GUARDS.map(({ name }) => name).join("\n")}`,
  );
  process.exit(2);
}

/** Throws for a guard whose place in the source is gone. */
function requireFit(guards: readonly Guard[]): void {
  for (const guard of guards) withoutGuard(readFileSync(guard.file, "utf8"), guard);
}

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const queue = [...items.entries()];
  const results: R[] = [];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
  return results;
}

async function control(test: string): Promise<boolean> {
  const { failed, broken } = await runTest(test, null);
  if (failed.length === 0 && broken === null) return true;
  console.log(
    `FAILS AS IT IS  ${test}: ${broken ?? failed.map(({ title, why }) => `${title} (${why})`).join(", ")}`,
  );
  return false;
}

async function switchOff(guard: Guard): Promise<Noticed> {
  const { failed, broken } = await runTest(guard.test, guard);
  const [first] = failed;
  console.log(`${(first === undefined ? "NOT NOTICED" : "noticed").padEnd(12)} ${guard.name}`);
  console.log(`  ${guard.test}: ${first === undefined ? (broken ?? "every test passes") : first.title}`);
  if (first !== undefined) console.log(`  ${first.why}`);
  return { guard, title: first?.title ?? null };
}

const guards = chosen();
requireFit(guards);
const tests = [...new Set(guards.map(({ test }) => test))];
const sound = values.control ? await inTurns(tests, control) : [];
const rows = await inTurns(guards, switchOff);
if (values.write) {
  const page = readFileSync(PAGE, "utf8");
  const [before = "", rest = ""] = page.split(BEGIN);
  const [table = "", after = ""] = rest.split(END);
  writeFileSync(PAGE, `${before}${BEGIN}\n${tableOf(GUARDS, rows, table)}\n${END}${after}`);
}
const noticed = rows.filter(({ title }) => title !== null).length;
console.log(`${rows.length} guards switched off, ${noticed} noticed`);
process.exitCode = noticed === rows.length && sound.every(Boolean) ? 0 : 1;
