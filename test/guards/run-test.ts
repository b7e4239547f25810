/** Runs a test file of the project, with a guard switched off or as it is. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Guard, SWITCHED_OFF } from "./guard.ts";

export interface Ran {
  /** Tests that failed, with the first line of why; with a guard off only the first one. */
  readonly failed: readonly { readonly title: string; readonly why: string }[];
  readonly passed: number;
  /** Why nothing can be said: the file could not be loaded, or vitest did not get as far as a report. */
  readonly broken: string | null;
}

interface Report {
  readonly testResults: readonly {
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** `guard` null = nothing is switched off. */
export async function runTest(test: string, guard: Guard | null): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-guards-"));
  const report = join(folder, "report.json");
  try {
    const said = await vitest(test, guard, report);
    const text = await readFile(report, "utf8").catch(() => null);
    if (text === null) return { failed: [], passed: 0, broken: said.trim().slice(-600) };
    return readReport(JSON.parse(text) as Report);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** What it printed. */
function vitest(test: string, guard: Guard | null, report: string): Promise<string> {
  const args = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/guards/vitest.config.ts", test];
  if (guard?.title !== undefined) args.push("--testNamePattern", escaped(guard.title));
  const { [SWITCHED_OFF]: _, ...env } = process.env;
  const child = spawn(process.execPath, [...args, "--reporter=json", `--outputFile=${report}`], {
    env: { ...env, ...(guard === null ? {} : { [SWITCHED_OFF]: guard.name }) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
    });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => resolve(said));
  });
}

function readReport({ testResults }: Report): Ran {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests
    .filter(({ status }) => status === "failed")
    .map(({ fullName, failureMessages }) => ({ title: fullName, why: firstLine(failureMessages?.[0]) }));
  const passed = tests.filter(({ status }) => status === "passed").length;
  const broken = failed.length + passed > 0 ? null : (testResults[0]?.message ?? "no test was run");
  return { failed, passed, broken };
}

function firstLine(text = ""): string {
  return text.split("\n", 1)[0] ?? "";
}
