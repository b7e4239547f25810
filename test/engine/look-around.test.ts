/** What is made of a session's calls and of the two moments, whatever dies in between. */
import { expect, it } from "vitest";
import type { Surroundings, Trespass } from "../../src/core/trespass/surroundings.ts";
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import { lookAfter } from "../../src/engine/look-around.ts";
import type { SessionEvent } from "../../src/ports/session-host.ts";
import type { SurroundingsWatch } from "../../src/ports/surroundings.ts";

const BEFORE: Surroundings = {
  root: "/home/ana/shop",
  commonDir: "/home/ana/shop/.git",
  branch: "main",
  commit: "a".repeat(40),
  files: {},
  refs: {},
  settings: {},
  gitFiles: {},
};

interface Stage {
  readonly deps: EngineDependencies;
  readonly kept: { found: readonly Trespass[] | null; open: boolean };
  readonly narrated: string[];
}

/** A watch over one session: what it sees at the end, and its two files in memory. */
function stage(
  after: Partial<Surroundings>,
  events: readonly object[],
  undo: () => Promise<string | null>,
): Stage {
  const kept: Stage["kept"] = { found: null, open: true };
  const narrated: string[] = [];
  const surroundings: SurroundingsWatch = {
    begin: async () => {},
    end: async () => (kept.open ? { before: BEFORE, after: { ...BEFORE, ...after } } : null),
    undo,
    record: async (_workflow, _session, found) => {
      kept.found = found;
    },
    finish: async () => {
      kept.open = false;
    },
    recorded: async () => kept.found,
  };
  const told = events.map((event) => ({ at: "2026-02-20T10:00:00Z", ...event }) as SessionEvent);
  const deps = {
    surroundings,
    host: { events: async () => told },
    repository: { preserve: async () => "" },
    narrate: (line: string) => narrated.push(line),
  } as unknown as EngineDependencies; // nothing else is asked for
  return { deps, kept, narrated };
}

const look = (deps: EngineDependencies): Promise<void> => lookAfter(deps, "w", "s", "/home/ana/shop-wt/a");
const bash = (target: string) => ({ type: "tool", tool: "Bash", target });
const NOTHING = async (): Promise<null> => null;

it("does not accuse a session of a call that was refused, however long it was", async () => {
  const long = `echo x > /home/ana/shop/notes.md # ${"x".repeat(400)}`;
  const refused = { type: "denied", tool: "Bash", target: `${long.slice(0, 299)}…`, reason: "no" };
  const after = { files: { "notes.md": "changed by the user" } };
  const one = stage(after, [bash(long), refused], NOTHING);
  await look(one.deps);
  expect([one.kept.found, one.kept.open]).toEqual([null, false]);
  const two = stage(after, [bash(long), refused, bash(long)], NOTHING);
  await look(two.deps);
  expect(two.kept.found?.map((it) => it.name)).toEqual(["notes.md"]);
});

it("remembers what it has put back when it died before it could say so", async () => {
  const after: Partial<Surroundings> = { settings: { "core.editor": "evil" } };
  let alive = false;
  const { deps, kept } = stage(after, [bash("git config core.editor evil")], async () => {
    // The setting is put back, and then the coordinator dies.
    delete (after.settings as Record<string, string>)["core.editor"];
    if (!alive) throw new Error("killed");
    return "It was taken away.";
  });
  await look(deps);
  expect(kept.open).toBe(true);
  alive = true;
  await look(deps);
  expect(kept.found).toMatchObject([
    { name: "core.editor", evidence: expect.stringContaining("It was taken away.") },
  ]);
  expect(kept.found?.[0]).not.toHaveProperty("now");
  expect(kept.open).toBe(false);
});

it("says in the log that it could not look, and lets the session end", async () => {
  const { deps, narrated } = stage({}, [], NOTHING);
  await look({ ...deps, host: { ...deps.host, events: () => Promise.reject(new Error("gone")) } });
  expect(narrated.join()).toContain("is not known: Error: gone");
});
