import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  isAlive,
  makePlace,
  type Place,
  specOf,
  startSession,
} from "../../../test/support/agent-sessions.ts";
import { eventually } from "../../../test/support/eventually.ts";
import type { SessionSpec } from "../../ports/session-host.ts";
import { createAdapter } from "./command.ts";

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

/** A session whose program is a Node script; `argv` are its arguments. */
function scripted(source: string, argv: readonly string[] = [], over: Partial<SessionSpec> = {}) {
  const file = path.join(place.root, "agent.mjs");
  writeFileSync(file, source);
  return startSession(
    createAdapter(),
    specOf(place.cwd, { command: [process.execPath, file, ...argv], ...over }),
  );
}

describe("a command as an agent", () => {
  it("gets the prompt in a file and on stdin, and reports through its result file", async () => {
    const source = `
      import { readFileSync, writeFileSync } from "node:fs";
      const [prompt, result] = process.argv.slice(2);
      const same = readFileSync(prompt, "utf8") === readFileSync(0, "utf8");
      console.log("works in " + process.cwd());
      writeFileSync(result, JSON.stringify({ text: "same: " + same, structured: { a: 1 }, cost_usd: 0.5, turns: 3 }));`;
    const session = scripted(source, ["{prompt_file}", "{result_file}"], { schema: { type: "object" } });
    const outcome = await session.outcome;
    expect(outcome).toMatchObject({
      kind: "ok",
      text: "same: true",
      structured: { a: 1 },
      usage: { costUsd: 0.5, turns: 3 },
    });
    expect(session.events).toContainEqual(
      expect.objectContaining({ type: "text", text: `works in ${place.cwd}` }),
    );
  });

  it("puts charter and instructions before the prompt", async () => {
    const source = `import { readFileSync } from "node:fs"; console.log(JSON.stringify(readFileSync(0, "utf8")));`;
    const session = scripted(source, [], { charter: "CHARTER", instructions: "RULES", prompt: "PROMPT" });
    await session.outcome;
    expect(session.events[0]).toMatchObject({ text: JSON.stringify("CHARTER\n\nRULES\n\nPROMPT") });
  });

  it("has crashed when it ends with another code than 0, with the end of what it said", async () => {
    const outcome = await scripted(`console.error("no fuel"); process.exit(1);`).outcome;
    expect(outcome).toMatchObject({
      kind: "crashed",
      message: expect.stringContaining("exit code 1. no fuel"),
      retry: "backoff",
    });
  });

  it("is not tried again after a usage error or when the program is missing", async () => {
    expect(await scripted("process.exit(2);").outcome).toMatchObject({ kind: "crashed", retry: "never" });
    const missing = startSession(createAdapter(), specOf(place.cwd, { command: ["/no/such/program"] }));
    expect(await missing.outcome).toMatchObject({
      kind: "crashed",
      retry: "never",
      message: expect.stringContaining("ENOENT"),
    });
    expect(await startSession(createAdapter(), specOf(place.cwd, { command: [] })).outcome).toMatchObject({
      kind: "crashed",
    });
  });

  it("is a limit when a structured answer was asked for and the result file has none", async () => {
    expect(await scripted("", [], { schema: {} }).outcome).toMatchObject({
      kind: "limit",
      which: "structured",
    });
  });

  it("cannot know its cost without a result file", async () => {
    expect((await scripted("").outcome).usage.costUsd).toBeNull();
  });

  it("is ended with its children when the session is stopped, although it ignores the polite signal", async () => {
    const source = `
      import { spawn } from "node:child_process";
      process.on("SIGTERM", () => {});
      const child = spawn(process.execPath, ["-e", "process.on('SIGTERM',()=>{});setInterval(()=>{},1000)"]);
      console.log("child " + child.pid);
      setInterval(() => {}, 1000);`;
    const session = scripted(source);
    const line = await eventually("the child's id", () =>
      session.events.find((event) => event.type === "text"),
    );
    const child = Number(line.type === "text" ? line.text.split(" ")[1] : Number.NaN);
    session.abort("wall");
    expect(await session.outcome).toMatchObject({ kind: "cancelled", reason: "wall" });
    await eventually("no process left", () => ![...session.pids, child].some(isAlive));
  });
});
