/**
 * What the host notices in sessions of the real program, against a scripted model. Defects it would catch: events that lost what the rules
 * need, a shell command that changed a file and is taken for none, a stray change that nobody sees.
 */
import { execFileSync } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import { openRealWorld, type RealWorld, realClaudeMissing } from "../../../test/support/real-claude.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import type { SessionEvent, SessionSpec } from "../../ports/session-host.ts";
import { createAdapter as createSdk } from "../agents/claude.ts";
import { createAdapter as createCli } from "../agents/claude-cli.ts";
import type { PlannedCall } from "../scenario/scenario.ts";
import { createInProcessHost } from "./in-process.ts";

const bash = (command: string, times = 1): PlannedCall => ({
  tool: "Bash",
  input: { command, description: "x" },
  times,
});

describe.skipIf(realClaudeMissing() !== null)("trouble in sessions of the real program", () => {
  let world: RealWorld;
  afterEach(() => world.close());

  async function eventsOf(
    calls: readonly PlannedCall[],
    over: Partial<SessionSpec> = {},
    adapter = "claude",
  ) {
    world = await openRealWorld({ deliverables: { alpha: { calls: [...calls] } } });
    const { hookProgram, toolProgram } = world;
    const host = createInProcessHost({
      commonDir: await tempFolder(),
      loadAdapter: async () => (adapter === "claude" ? createSdk() : createCli({ hookProgram, toolProgram })),
    });
    const spec = world.spec({ tools: ["Read", "Write", "Bash"], ...over });
    execFileSync("git", ["init", "-q", spec.cwd]);
    await host.start(spec);
    await host.outcome(spec.workflow, spec.id, new AbortController().signal);
    return host.events(spec.workflow, spec.id);
  }

  const troubles = (events: readonly SessionEvent[]): readonly string[] =>
    events.flatMap((event) => (event.type === "trouble" ? [event.reason] : []));

  it.each(["claude", "claude-cli"])(
    "through %s: a command again and again is a loop, until a file changes",
    async (adapter) => {
      const events = await eventsOf([bash("false", 6)], {}, adapter);
      expect(troubles(events)).toEqual(["loops: Bash false, 5 times"]);
      expect(events.findIndex((event) => event.type === "trouble-over")).toBeGreaterThan(
        events.findIndex((event) => event.type === "trouble"),
      );
    },
  );

  it("a command that changes a file each time is none", async () => {
    expect(troubles(await eventsOf([bash("date +%N >> log.txt", 7)]))).toEqual([]);
  });

  it("a change outside what the slot declared is told, also when a command made it", async () => {
    const events = await eventsOf([bash("mkdir -p src; touch src/stray.ts")], { area: ["out/**"] });
    expect(troubles(events)).toEqual(["writes outside what it declared: src/stray.ts"]);
    await world.close();
    expect(troubles(await eventsOf([], { area: ["docs/**"] }))).toEqual([
      "writes outside what it declared: out/alpha.md",
    ]);
  });

  it("money without a changed file is told while it goes, guessed from tokens", async () => {
    world = await openRealWorld({ deliverables: { "*": { fail: [{ fault: "overspend" }] } } });
    const host = createInProcessHost({ commonDir: await tempFolder(), loadAdapter: async () => createSdk() });
    const spec = world.spec({ limits: { ...world.spec().limits, usd: 90 } });
    await host.start(spec);
    await host.outcome(spec.workflow, spec.id, new AbortController().signal);
    const [reason] = troubles(await host.events(spec.workflow, spec.id));
    expect(reason).toMatch(/^spends without a result: about \d+\.\d\d USD, no file changed$/);
  });
});
