import { defineConfig } from "vitest/config";

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
