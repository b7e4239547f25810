/** What is asked once in a repository and remembered there: which check, and who pays. */
import { describe, expect, it } from "vitest";
import type { confirm } from "../../src/cli/confirm.ts";
import type { Context } from "../../src/cli/context.ts";
import type { CliIo } from "../../src/cli/io.ts";
import { createOutput } from "../../src/cli/output/output.ts";
import { withChecksChosen } from "../../src/cli/planning/choose-checks.ts";
import { paymentAgreed } from "../../src/cli/planning/consent.ts";
import { openProject } from "../../src/cli/project.ts";
import { VerbInput } from "../../src/cli/verb.ts";
import { aWorld, type World } from "../cli/harness.ts";

const DEFINITION = "workflow: X\nstages:\n  - phase: P\n    slots:\n      - { id: a, brief: do it }\n";

function contextOf(world: World, canAsk: boolean): Context {
  const sink = { write: () => {}, isTTY: false };
  const io: CliIo = {
    cwd: world.root,
    env: { ...world.env, SIGNALBOX_USE: "simulated" },
    stdout: sink,
    stderr: sink,
    interactive: canAsk,
    now: () => Date.parse("2026-02-20T10:00:00Z"),
    onInterrupt: () => () => {},
    self: [],
    user: "ada",
    parentEnv: () => undefined,
  };
  return {
    io,
    output: createOutput(io, "never"),
    json: false,
    canAsk,
    version: "0",
    verbs: [],
  };
}

/** Answers in the given order and keeps the questions; one too many is an error. */
function answers(...given: readonly boolean[]): {
  readonly ask: typeof confirm;
  readonly asked: readonly string[];
} {
  const asked: string[] = [];
  return {
    asked,
    ask: async (_, question) => {
      asked.push(question);
      const answer = given[asked.length - 1];
      if (answer === undefined) throw new Error(`asked once too often: ${question}`);
      return answer;
    },
  };
}

async function tested(): Promise<World> {
  const world = await aWorld();
  await world.write("package.json", '{"scripts":{"test":"node --test"}}');
  await world.git("add", ".");
  await world.git("commit", "-q", "-m", "manifest");
  return world;
}

/** Commands that the slot's work must pass. */
async function checks(
  world: World,
  { ask }: { readonly ask: typeof confirm },
  over: { readonly text?: string; readonly canAsk?: boolean; readonly flags?: object } = {},
): Promise<readonly string[]> {
  const context = contextOf(world, over.canAsk ?? true);
  const request = { file: "x", text: over.text ?? DEFINITION, flags: {}, inputs: {}, judge: false };
  const input = new VerbInput([], { ...over.flags });
  const { planned } = await withChecksChosen(context, await openProject(context.io), request, input, ask);
  return planned.plan.deliverables.flatMap(({ gate }) => gate.checks.map(({ run }) => run));
}

describe("the check of a repository that names none", () => {
  it("is proposed once, and the answer holds from then on, also where nobody can be asked", async () => {
    const world = await tested();
    const person = answers(true);
    expect(await checks(world, person)).toEqual(["npm test"]);
    expect(await checks(world, person)).toEqual(["npm test"]);
    expect(await checks(world, person, { canAsk: false })).toEqual(["npm test"]);
    expect(person.asked).toEqual(["No check is configured. Use `npm test` on every result?"]);
  });

  it("stays away after a no, without another question", async () => {
    const world = await tested();
    const person = answers(false);
    expect(await checks(world, person)).toEqual([]);
    expect(await checks(world, person)).toEqual([]);
    expect(person.asked).toHaveLength(1);
  });

  it.each<[string, Parameters<typeof checks>[2]]>([
    ["nobody sits there", { canAsk: false }],
    ["--yes was given", { flags: { yes: true } }],
    ["somebody wrote that there is none", { text: `checks: []\n${DEFINITION}` }],
    ["the work is judged", { text: `criticality: C2\n${DEFINITION}` }],
  ])("is not asked about where %s", async (_, over) => {
    expect(await checks(await tested(), answers(), over)).toEqual([]);
  });

  it("is not asked about where a check is written, or nothing is found", async () => {
    const world = await tested();
    expect(await checks(world, answers(), { text: `checks: [make]\n${DEFINITION}` })).toEqual(["make"]);
    expect(await checks(await aWorld(), answers())).toEqual([]);
  });

  it("gives way to what is written later", async () => {
    const world = await tested();
    await checks(world, answers(true));
    expect(await checks(world, answers(), { text: `checks: []\n${DEFINITION}` })).toEqual([]);
  });
});

describe("who pays", () => {
  const payer = { text: "API key (ANTHROPIC_API_KEY)", costs: true, ambiguous: false };

  it("is asked once for a repository and payer by dispatch, and each time by run", async () => {
    const world = await aWorld();
    const context = contextOf(world, true);
    const project = await openProject(context.io);
    const person = answers(true, true, true, true);
    const agree = (consent: "once" | "every-time", who = payer) =>
      paymentAgreed(context, project, who, consent, person.ask);
    expect([await agree("once"), await agree("once"), await agree("once")]).toEqual([true, true, true]);
    expect(person.asked).toHaveLength(1);
    await agree("once", { ...payer, text: "subscription" });
    await agree("every-time");
    expect(person.asked).toHaveLength(3);
  });

  it("is asked again after a no, and not at all where it costs nothing or nobody sits there", async () => {
    const world = await aWorld();
    const context = contextOf(world, true);
    const project = await openProject(context.io);
    const person = answers(false, true);
    expect(await paymentAgreed(context, project, payer, "once", person.ask)).toBe(false);
    expect(await paymentAgreed(context, project, payer, "once", person.ask)).toBe(true);
    const none = answers();
    expect(
      await paymentAgreed(context, project, { ...payer, costs: false, text: "x" }, "once", none.ask),
    ).toBe(true);
    expect(
      await paymentAgreed(contextOf(world, false), project, { ...payer, text: "y" }, "once", none.ask),
    ).toBe(true);
  });
});
