/** A real agent that tries to write outside its worktree in many ways (P7). Defect it would catch: a path that it and the hook read differently. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { promptOf, startSession } from "../../../test/support/agent-sessions.ts";
import { contents, namesBelow, prepare, WAYS } from "../../../test/support/escapes.ts";
import { openRealWorld, realClaudeMissing } from "../../../test/support/real-claude.ts";
import type { AgentAdapter } from "../../ports/session-host.ts";
import { createAdapter as createSdk } from "./claude.ts";
import { createAdapter as createCli } from "./claude-cli.ts";

const ADAPTERS: Readonly<Record<string, (hookProgram: string) => AgentAdapter>> = {
  claude: () => createSdk(),
  "claude-cli": (hookProgram) => createCli({ hookProgram }),
};

/** The agent itself refuses to write to an existing file that it has not read. */
function callsFor(
  file_path: string,
): readonly { readonly tool: string; readonly input: Record<string, unknown> }[] {
  const write = { tool: "Write", input: { file_path, content: "out" } };
  const isThere = /theirs\.md$|to-file$|hard\.md$/.test(file_path);
  return isThere ? [{ tool: "Read", input: { file_path } }, write] : [write];
}

describe.skipIf(realClaudeMissing() !== null).each(Object.entries(ADAPTERS))(
  "the real agent through %s",
  (_, create) => {
    it("writes nothing outside its worktree in thirty ways to try it, and goes on with its work", async () => {
      const paths: string[] = [];
      const world = await openRealWorld({
        deliverables: {
          get alpha() {
            return { calls: paths.flatMap(callsFor) };
          },
        },
      });
      onTestFinished(() => world.close());
      const ground = { cwd: world.place.cwd, outside: path.join(world.place.root, "outside") };
      mkdirSync(ground.outside);
      writeFileSync(path.join(ground.outside, "theirs.md"), "theirs\n");
      prepare(ground);
      paths.push(...Object.values(WAYS).map((way) => way(ground)));
      expect(paths).toHaveLength(30);
      // Both the agent and the hook take these for paths inside.
      paths.push("to-folder/../escaped.md", `file://${ground.outside}/escaped.md`);

      const limits = { ...world.spec().limits, turns: 100 };
      const session = startSession(
        create(world.hookProgram),
        world.spec({ limits, prompt: promptOf({ artifact: "out/alpha.md" }) }),
      );
      const outcome = await session.outcome;

      expect(contents(ground.outside)).toEqual({ [path.join(ground.outside, "theirs.md")]: "theirs\n" });
      const outside = namesBelow(world.place.root).filter((name) => !name.startsWith(`${ground.cwd}/`));
      expect(outside.filter((name) => name.includes("escaped"))).toEqual([]);
      expect(existsSync("/escaped-signalbox.md")).toBe(false);
      expect(readdirSync(path.join(ground.cwd, ".git/hooks"))).toEqual([]);
      const denied = session.events.flatMap((event) => (event.type === "denied" ? [event.target] : []));
      expect(denied).toHaveLength(30);
      expect(outcome.kind).toBe("ok");
      expect(readFileSync(path.join(ground.cwd, "out/alpha.md"), "utf8")).not.toBe("");
    });
  },
);
