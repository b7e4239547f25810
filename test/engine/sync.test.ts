/** New commits of the target over real git: they come in between two phases, survive a rewind, and a conflict moves nothing. */
import { afterEach, expect, it } from "vitest";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { aPhase, aSlot, THREE_FIXES_CONTEXT, threeFixes } from "../builders/definitions.ts";
import { createEngine, engineDependencies, onBase, runApproving } from "../support/engine.ts";
import { type Scratch, scratchRepository } from "../support/scratch-repository.ts";

const ID = THREE_FIXES_CONTEXT.id;
const BRANCH = `signalbox/${ID}/main`;

let scratch: Scratch;
let engine: Engine | undefined;
afterEach(async () => {
  await engine?.close();
  scratch.remove();
});

/** Two phases of one commit each, the first of which is merged; a person is asked between them. */
async function started(edit: string): Promise<{ readonly running: Engine; readonly commit: string }> {
  scratch = await scratchRepository({ "src/app.ts": "one\n", "lib.ts": "old\n" });
  const stages = [
    aPhase("One", [aSlot({ id: "one", brief: ["Do one"] })], { checkpoint: "A person looks" }),
    aPhase("Two", [aSlot({ id: "two", brief: ["Do two"] })]),
  ];
  const { plan } = derivePlan(threeFixes({ stages }), THREE_FIXES_CONTEXT);
  if (plan === null) throw new Error("the definition has errors");
  const base = await scratch.git("rev-parse", "HEAD");
  scratch.write(edit, "new\n");
  await scratch.git("commit", "-q", "-a", "-m", "the user's");
  const scenario = { deliverables: { one: { edits: [{ path: "src/app.ts", line: 1, text: "two" }] } } };
  const running = createEngine(
    await engineDependencies(scratch, {
      agentEnvironment: () => ({
        PATH: process.env.PATH ?? "",
        SIGNALBOX_SCENARIO: JSON.stringify(scenario),
      }),
    }),
  );
  engine = running;
  await running.create(onBase(plan, base), "ana");
  await running.idle();
  return { running, commit: await scratch.git("rev-parse", "HEAD") };
}

async function shown(path: string): Promise<string> {
  return scratch.git("show", `${BRANCH}:${path}`);
}

it("brings the target in with its lines, which a rewind to before it keeps", async () => {
  const { running, commit } = await started("lib.ts");
  await running.submit(ID, { type: "sync", commit, from: "trunk", by: "ana" });
  const state = await runApproving(running, ID);
  expect(state.status).toBe("COMPLETE");
  expect(state.syncs).toMatchObject([{ commit, from: "trunk" }]);
  expect([await shown("lib.ts"), await shown("src/app.ts")]).toEqual(["new", "two"]);
  expect(await scratch.git("merge-base", "--is-ancestor", commit, BRANCH)).toBe("");
  const before = state.checkpoints[0];
  expect(await scratch.git("show", `${before?.commit}:lib.ts`)).toBe("old");
  await running.submit(ID, { type: "rewind", checkpoint: before?.id ?? "", by: "ana", note: "" });
  await running.idle();
  expect(await shown("lib.ts")).toBe("new");
});

it("leaves the branch where it is on a conflict, and names the files", async () => {
  const { running, commit } = await started("src/app.ts");
  await running.submit(ID, { type: "sync", commit, from: "trunk", by: "ana" });
  const state = await runApproving(running, ID);
  expect(state.questions).toMatchObject([{ kind: "sync", files: ["src/app.ts"] }]);
  expect(state.head).toBe(await scratch.git("rev-parse", BRANCH));
  expect(await shown("src/app.ts")).toBe("two");
  await running.submit(ID, { type: "decide", subject: "sync", word: "skip", text: "", by: "ana" });
  expect((await runApproving(running, ID)).status).toBe("COMPLETE");
});
