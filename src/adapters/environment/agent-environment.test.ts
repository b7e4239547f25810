import { expect, it } from "vitest";
import { agentEnvironment } from "./agent-environment.ts";

const NOTHING = { env: { pass: [], set: {} } };

it("passes a login and the path, and nothing else of the user's shell", () => {
  const env = {
    PATH: "/bin",
    ANTHROPIC_API_KEY: "sk-ant-dummy",
    DATABASE_URL: "secret",
    AWS_SECRET_ACCESS_KEY: "secret",
  };
  expect(agentEnvironment(env, NOTHING)).toEqual({ PATH: "/bin", ANTHROPIC_API_KEY: "sk-ant-dummy" });
});

it("passes what the settings name and sets what they set", () => {
  const settings = { env: { pass: ["DATABASE_URL"], set: { PORT: "4000" } } };
  expect(agentEnvironment({ DATABASE_URL: "x", OTHER: "y" }, settings)).toEqual({
    DATABASE_URL: "x",
    PORT: "4000",
  });
});

it("does not let our agents believe that they are nested in the user's own session", () => {
  expect(agentEnvironment({ CLAUDECODE: "1", CLAUDE_CODE_ENTRYPOINT: "cli" }, NOTHING)).toEqual({});
});
