/** Questions on a terminal: what is sent for an answer, what happens to a refused one, what Ctrl+C in a question does. */
import { describe, expect, it } from "vitest";
import { livingClaims } from "../../src/adapters/coordinator/claim.ts";
import { dialCoordinator } from "../../src/adapters/coordinator/client.ts";
import type { Context } from "../../src/cli/context.ts";
import { answerOf } from "../../src/cli/follow/answers.ts";
import type { Asked } from "../../src/cli/follow/ask.ts";
import { type Followed, follow } from "../../src/cli/follow/follow.ts";
import type { CliIo } from "../../src/cli/io.ts";
import { createOutput } from "../../src/cli/output/output.ts";
import type { Question } from "../../src/core/workflow/question.ts";
import { aPlanContext, multiInstance } from "../builders/definitions.ts";
import { planOf } from "../builders/derived.ts";
import { eventually } from "../support/eventually.ts";
import type { FakeEngine } from "./fake-engine.ts";
import { aWorld } from "./harness.ts";

const ID = "demo-20260220-001";

interface Following {
  readonly engine: FakeEngine;
  readonly followed: Promise<Followed>;
  readonly said: () => string;
}

/** Follows the documented workflow, whose plan waits for a person, on a terminal that answers with `ask`. */
async function following(ask: (question: Question, turn: number) => Asked): Promise<Following> {
  const world = await aWorld();
  const engine = await world.coordinate();
  await engine.create(planOf(multiInstance(), aPlanContext({ id: ID })).plan, "ada");
  const [claim] = await livingClaims(world.commonDir);
  const client = await dialCoordinator(claim?.socket ?? "");
  if (client === null) throw new Error("nobody answers");
  let text = "";
  const context = aContext(world.root, (more) => {
    text += more;
  });
  let turn = 0;
  const followed = follow(context, {
    client,
    workflow: ID,
    yes: false,
    wait: false,
    suffix: "",
    footer: "",
    readActivities: async () => new Map(),
    reconnect: async () => null,
    ask: async (_state, question) => {
      turn += 1;
      return ask(question, turn);
    },
  }).finally(() => client.close());
  return { engine, followed, said: () => text };
}

function aContext(cwd: string, write: (text: string) => void): Context {
  const sink = { write, isTTY: false };
  const io: CliIo = {
    cwd,
    env: {},
    stdout: sink,
    stderr: sink,
    interactive: true,
    now: () => Date.parse("2026-02-20T10:30:00Z"),
    onInterrupt: () => () => {},
    self: [],
    user: "ada",
  };
  return { io, output: createOutput(io, "never"), json: false, canAsk: true, version: "test", verbs: [] };
}

describe("a question on a terminal", () => {
  it("is answered in the name of the person", async () => {
    const { engine, followed } = await following((question, turn) =>
      turn === 1 ? answerOf(question, "approve", "ada", "") : "leave",
    );
    await eventually("the approval", () => engine.state(ID)?.planApproved === true);
    await engine.submit(ID, { type: "cancel", by: "ada", reason: "" });
    await followed;
    expect(engine.state(ID)?.decisions[0]).toMatchObject({ by: "ada", word: "approve", subject: "plan" });
  });

  it("is asked again when the answer is refused, and says why", async () => {
    const { followed, said } = await following((question, turn) =>
      turn === 1 ? answerOf(question, "guide", "ada", "") : "leave",
    );
    expect((await followed).why).toBe("left");
    expect(said()).toContain("plan cannot be answered with guide");
  });

  it("leaves the work running when Ctrl+C is typed in it", async () => {
    const { engine, followed } = await following(() => "leave");
    expect((await followed).why).toBe("left");
    expect(engine.state(ID)?.status).toBe("ACTIVE");
  });

  it("is asked once when it is put off, and the viewer stays", async () => {
    let asked = 0;
    const { engine, followed } = await following(() => {
      asked += 1;
      return "later";
    });
    await engine.submit(ID, { type: "note", by: "bob", subject: "workflow", text: "hm", lesson: false });
    await engine.submit(ID, { type: "cancel", by: "bob", reason: "" });
    expect((await followed).why).toBe("ended");
    expect(asked).toBeLessThanOrEqual(1);
  });
});
