/** A workflow on a terminal with keys: one picture, whatever is asked, said or resized. */
import { describe, expect, it } from "vitest";
import type { CliIo } from "../../src/cli/io.ts";
import { aPlanContext, multiInstance } from "../builders/definitions.ts";
import { planOf } from "../builders/derived.ts";
import { eventually } from "../support/eventually.ts";
import { aScreen, type Screen } from "../support/screen.ts";
import type { FakeEngine } from "./fake-engine.ts";
import { aWorld, type Ran, type World } from "./harness.ts";

const ID = "demo-20260220-001";
const TITLE = "PROJ-006 Multi-Instance";

interface Sitting {
  readonly world: World;
  readonly engine: FakeEngine;
  readonly screen: Screen;
  /** Keys as a terminal sends them, once somebody reads keys. */
  type(keys: string): Promise<void>;
  /** Lets the given time pass, as far as the program can tell. */
  pass(ms: number): void;
  sees(what: string): Promise<void>;
  readonly ended: Promise<Ran>;
}

/** Someone watches the documented workflow, whose plan waits for approval. */
async function sitting(columns = 100, rows = 40): Promise<Sitting> {
  const world = await aWorld();
  const engine = await world.coordinate();
  await engine.create(planOf(multiInstance(), aPlanContext({ id: ID })).plan, "ada");
  const screen = aScreen(columns, rows);
  let listener: ((chunk: string) => void) | undefined;
  let now = Date.parse("2026-02-20T10:30:00Z");
  const terminal: Partial<CliIo> = {
    stdout: screen,
    stderr: screen,
    interactive: true,
    env: { ...world.env, NO_COLOR: "1" },
    now: () => now,
    typed: (listen) => {
      listener = listen;
      return () => {
        listener = undefined;
      };
    },
  };
  return {
    world,
    engine,
    screen,
    type: async (keys) => {
      await eventually("somebody reads keys", () => listener !== undefined);
      listener?.(keys);
    },
    pass: (ms) => {
      now += ms;
    },
    sees: async (what) => {
      await eventually(`the screen shows ${what}`, () => screen.lines().join("\n").includes(what));
    },
    ended: world.runWith(terminal, "watch"),
  };
}

const titles = (screen: Screen): number => screen.lines().filter((line) => line.startsWith(TITLE)).length;

describe("on a terminal", () => {
  it("a question is asked below the board, answered with Enter, and gone; nothing is drawn twice", async () => {
    const { engine, screen, type, pass, sees, ended } = await sitting();
    await sees("› approve");
    expect(titles(screen)).toBe(1);
    pass(1000);
    await type("\r");
    await eventually("the approval", () => engine.state(ID)?.planApproved === true);
    await eventually("the question is gone", () => !screen.lines().join("\n").includes("approve"));
    expect(titles(screen)).toBe(1);
    await engine.submit(ID, { type: "cancel", by: "bob", reason: "" });
    await ended;
    expect(titles(screen)).toBe(1);
    expect(screen.lines().slice(0, 2).join(" ")).toContain("cancelled");
  });

  it("Enter that was typed before the question could be read is no answer", async () => {
    const { engine, type, sees, ended } = await sitting();
    await sees("› approve");
    await type("\r");
    await type("\u0003");
    expect((await ended).code).toBe(130);
    expect(engine.state(ID)?.planApproved).toBe(false);
  });

  it("what somebody else answers is not asked any longer", async () => {
    const { engine, screen, sees, ended } = await sitting();
    await sees("› approve");
    await engine.submit(ID, { type: "approve", subject: "plan", by: "bob", note: "" });
    await eventually("the question is gone", () => !screen.lines().join("\n").includes("approve"));
    await engine.submit(ID, { type: "cancel", by: "bob", reason: "" });
    expect((await ended).code).toBe(1);
  });

  it("Ctrl+C in a question leaves one picture with the commands that answer, and the work running", async () => {
    const { engine, screen, type, sees, ended } = await sitting();
    await sees("› approve");
    await type("\u0003");
    expect((await ended).code).toBe(130);
    expect(titles(screen)).toBe(1);
    const text = screen.lines().join("\n");
    expect(text).toContain("signalbox approve plan            go on");
    expect(text).toContain(`✓ ${ID} goes on in the background`);
    expect(text).not.toContain("Ctrl+C");
    expect(engine.state(ID)?.status).toBe("ACTIVE");
  });

  it("a picture fits a low and narrow screen, and is drawn over after it was resized", async () => {
    const { screen, type, pass, sees, ended } = await sitting(100, 20);
    await sees("› approve");
    expect(screen.lines().length).toBeLessThanOrEqual(20);
    screen.narrow(60);
    pass(1000);
    await type("\u001b[B");
    await sees("› waive");
    expect(titles(screen)).toBe(1);
    expect(screen.lines().every((line) => line.length <= 60)).toBe(true);
    await type("\u0003");
    await ended;
  });
});
