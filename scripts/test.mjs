// The one command for people and CI: types, lint, boundaries, unused code, then every test. Ends with `N passed, N failed`.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, install, offerSandbox } from "./setup.mjs";

const bin = (name) => join("node_modules", ".bin", name);

/** Static steps: name, program, arguments. Two run at a time. */
const STEPS = [
  ["types of core, without Node", bin("tsc"), ["-p", "tsconfig.core.json"]],
  ["types", bin("tsc"), ["-p", "tsconfig.json"]],
  ["lint and format", bin("biome"), ["ci", "--error-on-warnings", "."]],
  ["boundaries between folders", bin("depcruise"), ["--config", ".dependency-cruiser.cjs", "src"]],
  ["unused code and dependencies", bin("knip"), []],
];

function runStep([name, file, args]) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.on("close", (code) => {
      console.log(`${code === 0 ? "ok    " : "FAILED"}  ${name}`);
      if (code !== 0) console.log(Buffer.concat(chunks).toString("utf8"));
      resolve(code === 0);
    });
  });
}

async function staticSteps() {
  const queue = [...STEPS];
  const results = [];
  const worker = async () => {
    for (let step = queue.shift(); step; step = queue.shift()) results.push(await runStep(step));
  };
  await Promise.all([worker(), worker()]);
  return results;
}

function vitest() {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-test-"));
  const report = join(folder, "report.json");
  return new Promise((resolve) => {
    const args = [
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ];
    const child = spawn(bin("vitest"), args, { stdio: "inherit" });
    child.on("close", (code) => {
      const counts = code === null ? { passed: 0, failed: 1 } : read(report, code);
      rmSync(folder, { recursive: true, force: true });
      resolve(counts);
    });
  });
}

function read(report, code) {
  try {
    const json = JSON.parse(readFileSync(report, "utf8"));
    const failed = json.numFailedTests;
    // A file that does not even load fails no test; the exit code tells.
    return { passed: json.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

install();
offerSandbox();
build();
const steps = await staticSteps();
const tests = await vitest();
const passed = steps.filter(Boolean).length + tests.passed;
const failed = steps.filter((ok) => !ok).length + tests.failed;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
