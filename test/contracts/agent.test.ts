import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { createAdapter as createAcp } from "../../src/adapters/agents/acp/adapter.ts";
import { createAdapter as createCommand } from "../../src/adapters/agents/command.ts";
import { createAdapter as createSimulated } from "../../src/adapters/agents/simulated.ts";
import { parseScenario } from "../../src/adapters/scenario/scenario.ts";
import { makePlace, type Place, promptOf, specOf } from "../support/agent-sessions.ts";
import { type AcpPrograms, buildAcpPrograms, openAcpWorld } from "../support/scripted-acp.ts";
import { ANSWER_SCHEMA, agentContract } from "./agent-contract.ts";

const JUDGE = {
  purpose: "judge",
  prompt: promptOf({ "signalbox-task": "judge" }),
  schema: ANSWER_SCHEMA,
} as const;
const STALL = promptOf({ deliverable: "stalls", artifact: "out/alpha.md" });

agentContract("simulated", async () => {
  const place = makePlace();
  const scenario = parseScenario('{"deliverables":{"stalls":{"fail":[{"fault":"stall"}]}}}');
  return {
    adapter: createSimulated({ scenario }),
    working: () => specOf(place.cwd),
    answering: () => specOf(place.cwd, JUDGE),
    hanging: () => specOf(place.cwd, { prompt: STALL }),
    close: async () => place.remove(),
  };
});

agentContract("command", async () => {
  const place = makePlace();
  const script = (name: string, source: string): readonly string[] => {
    const file = path.join(place.root, name);
    writeFileSync(file, source);
    return [process.execPath, file, "{result_file}"];
  };
  const work =
    'import fs from "node:fs"; fs.mkdirSync("out"); fs.writeFileSync("out/alpha.md", "# Alpha\\n");';
  const answer =
    'import fs from "node:fs"; fs.writeFileSync(process.argv[2], JSON.stringify({ structured: { score: 0.9 } }));';
  return {
    adapter: createCommand(),
    working: () => specOf(place.cwd, { command: script("work.mjs", work) }),
    answering: () => specOf(place.cwd, { ...JUDGE, command: script("answer.mjs", answer) }),
    hanging: () =>
      specOf(place.cwd, {
        command: script("hang.mjs", 'console.log("hangs"); setInterval(() => {}, 1000);'),
      }),
    close: async () => place.remove(),
  };
});

let built: Place;
let programs: AcpPrograms;
beforeAll(() => {
  built = makePlace();
  programs = buildAcpPrograms(built.root);
});
afterAll(() => built.remove());

agentContract("acp", async () => {
  const { place, spec } = openAcpWorld(programs);
  return {
    adapter: createAcp({ toolProgram: programs.tools }),
    working: () => spec({ turns: [[{ write: "out/alpha.md" }, { say: "Done." }]] }),
    answering: () => spec({ turns: [[{ say: '{"score": 0.9}' }]] }, JUDGE),
    hanging: () => spec({ turns: [[{ say: "Looks around." }, { wait: "deaf" }]] }),
    close: async () => place.remove(),
  };
});
