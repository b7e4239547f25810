import { defineConfig } from "vitest/config";

// An agent that runs the tests would be taken for the one that types the commands in them.
for (const mark of ["CLAUDECODE", "AI_AGENT"]) delete process.env[mark];

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    // Real processes on a shared machine: a second try tells a stall from a fault; what fails twice fails.
    retry: process.env.CI === undefined ? 0 : 1,
  },
});
