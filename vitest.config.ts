import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// An agent that runs the tests would be taken for the one that types the commands in them.
for (const mark of ["CLAUDECODE", "AI_AGENT"]) delete process.env[mark];

/** Whole workflows and real agents take minutes: started last, they would keep one worker busy while the other has nothing left. */
const LONG = /\/test\/(acceptance|e2e|engine)\//;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // Most tests wait for processes: with one more than the smallest machine has cores, none of its cores waits as well.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    // Real processes on a shared machine: a second try tells a stall from a fault; what fails twice fails.
    retry: process.env.CI === undefined ? 0 : 1,
  },
});
