// How everything that is run is bundled: one file for each entry point, what they share split off, packages included but the agent's.
export const BUNDLE = {
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  external: ["@anthropic-ai/claude-agent-sdk"],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: "warning",
};
