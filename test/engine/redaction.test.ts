/** A secret that an agent, a check or a person says gets into no record. Defect it would catch: a sink that nobody thought of. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createAdapter } from "../../src/adapters/agents/simulated.ts";
import { createInProcessHost } from "../../src/adapters/host/in-process.ts";
import { redactor, secretsIn } from "../../src/core/redaction.ts";
import { createRenderer } from "../../src/documents/renderer.ts";
import type { AgentAdapter } from "../../src/ports/session-host.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase, runApproving } from "../support/engine.ts";
import { scratchRepository } from "../support/scratch-repository.ts";

const NAMED = "correct-horse-battery";
const TOKEN = `gh${"p_"}${"Ab3".repeat(12)}`;
const LEAK = `the key ${NAMED}, the token ${TOKEN}`;

const simulated = createAdapter();
/** Does its work, and tells what it must not. */
const leaky: AgentAdapter = {
  ...simulated,
  run: async (spec, io) => {
    io.emit({ at: new Date().toISOString(), type: "text", text: LEAK });
    io.emit({ at: new Date().toISOString(), type: "tool", tool: "Bash", target: `curl -H '${LEAK}'` });
    const outcome = await simulated.run(spec, io);
    return outcome.kind === "ok" ? { ...outcome, text: LEAK } : outcome;
  },
};

it("what an agent, a check or a person says of a secret stands nowhere, and its name stands in its place", async () => {
  const scratch = await scratchRepository();
  const env = { PATH: process.env.PATH ?? "", SHOP_API_KEY: NAMED };
  const told: string[] = [];
  const plain = await engineDependencies(scratch);
  const engine = createEngine({
    ...plain,
    host: createInProcessHost({
      commonDir: plain.repository.commonDir,
      loadAdapter: async () => leaky,
    }),
    checks: {
      run: async (_folder, checks) =>
        checks.map(({ name }) => ({
          name,
          passed: false,
          redAtBase: false,
          exitCode: 1,
          timedOut: false,
          tail: LEAK,
          failures: [LEAK],
        })),
    },
    documents: createRenderer("1.0.0"),
    notifier: { notify: async (notice) => void told.push(JSON.stringify(notice)) },
    agentEnvironment: () => env,
    redact: redactor(secretsIn(env)),
  });
  onTestFinished(async () => {
    await engine.close();
    scratch.remove();
  });
  const plan = onBase(THREE, await scratch.git("rev-parse", "HEAD"));
  const { id } = plan.workflow;
  await engine.create(plan, "ana");
  await runApproving(engine, id);
  await engine.submit(id, { type: "note", by: "ana", subject: "workflow", text: LEAK, lesson: true });
  await engine.idle();

  const folder = join(plain.repository.commonDir, "signalbox");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
  const local = files.map((file) => readFileSync(join(file.parentPath, file.name), "utf8")).join("\n");
  const committed = await scratch.git("log", "-p", `${plan.layout.branchPrefix}/main`);
  const everything = [local, committed, ...told].join("\n");
  expect(told).not.toEqual([]);
  expect(everything).toContain("[SHOP_API_KEY]");
  expect(everything).toContain("[GitHub token]");
  expect(everything).not.toContain(NAMED);
  expect(everything).not.toContain(TOKEN);
});
