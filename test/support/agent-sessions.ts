/** Specs, prompts and listeners for tests of agent adapters. */
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import type { SessionOutcome } from "../../src/core/workflow/outcome.ts";
import type { AgentAdapter, AgentIo, Hear, SessionEvent, SessionSpec } from "../../src/ports/session-host.ts";
import { scriptedModel } from "./scripted-model.ts";

/** A fresh folder with a worktree inside, so that "beside the worktree" is ours too. */
export interface Place {
  readonly root: string;
  readonly cwd: string;
  readonly remove: () => void;
}

/** `parent` exists; default the temporary folder. */
export function makePlace(parent = os.tmpdir()): Place {
  const root = realpathSync(mkdtempSync(path.join(parent, "signalbox-agents-")));
  const cwd = path.join(root, "worktree");
  mkdirSync(cwd);
  return { root, cwd, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** A prompt with the header that every prompt of ours has. */
export function promptOf(header: Readonly<Record<string, string | number>>, rest = ""): string {
  const fields = {
    "signalbox-task": "create",
    workflow: "demo-20260101-001",
    deliverable: "alpha",
    role: "ps-researcher",
    ...header,
  };
  const lines = Object.entries(fields).map(([key, value]) => `${key}: ${value}`);
  return [...lines, "", "## Goal", "", "Find out how errors are handled.", rest].join("\n");
}

export function specOf(cwd: string, over: Partial<SessionSpec> = {}): SessionSpec {
  return {
    id: `demo-20260101-001/1/alpha/1/session.r1.${randomUUID()}`,
    workflow: "demo-20260101-001",
    purpose: "create",
    subject: "alpha",
    role: "ps-researcher",
    round: 1,
    part: 1,
    adapter: "simulated",
    cwd,
    conversation: randomUUID(),
    resume: false,
    prompt: promptOf({ artifact: "out/alpha.md" }),
    charter: "The charter of a researcher.",
    instructions: "",
    tools: ["Read", "Glob", "Grep", "Edit", "Write"],
    boundary: cwd,
    writes: ["**"],
    limits: { wallMs: 60_000, idleMs: 60_000, startupMs: 60_000, turns: 30, usd: 5 },
    costBefore: 0,
    env: { PATH: process.env.PATH ?? "", HOME: cwd },
    artifact: "out/alpha.md",
    seed: "1",
    ...over,
  };
}

/** Environment of a run that reaches nothing but the scripted endpoint. */
export function hermeticEnv(root: string, baseUrl: string): Readonly<Record<string, string>> {
  const home = path.join(root, "home");
  const temporary = path.join(root, "tmp");
  mkdirSync(home, { recursive: true });
  mkdirSync(temporary, { recursive: true });
  return {
    PATH: process.env.PATH ?? "",
    HOME: home,
    TMPDIR: temporary,
    CLAUDE_CONFIG_DIR: path.join(home, ".claude"),
    ...scriptedModel(baseUrl),
  };
}

/** A session that runs: its events so far, its processes, and its end. */
export interface Running {
  readonly events: SessionEvent[];
  readonly pids: number[];
  readonly outcome: Promise<SessionOutcome>;
  readonly abort: (reason: string) => void;
  /** Says something to the agent; false when it is too late, or when it does not listen. */
  readonly say: Hear;
}

/** Answers questions of agents at once, as a person would. */
export type Answering = NonNullable<AgentIo["ask"]>;

export function startSession(adapter: AgentAdapter, spec: SessionSpec, ask?: Answering): Running {
  const events: SessionEvent[] = [];
  const pids: number[] = [];
  const controller = new AbortController();
  let hear: Hear = () => false;
  const io: AgentIo = {
    emit: (event) => events.push(event),
    onProcess: (pid) => pids.push(pid),
    signal: controller.signal,
    ...(ask === undefined ? {} : { ask }),
    listen: (listener) => {
      hear = listener;
    },
  };
  return {
    events,
    pids,
    outcome: adapter.run(spec, io),
    abort: (reason) => controller.abort(reason),
    say: (text, by, how) => hear(text, by, how),
  };
}

/** True while a process of that id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Bundles the write-boundary hook, as the build does, into a folder of the test. */
export function buildHook(folder: string): string {
  return buildProgram(folder, "write-boundary-hook");
}

/** Bundles the bridge to our tools. */
export function buildBridge(folder: string): string {
  return buildProgram(folder, "session-mcp-bridge");
}

function buildProgram(folder: string, name: string): string {
  const outfile = path.join(folder, `${name}.mjs`);
  buildSync({
    entryPoints: [path.resolve(`src/adapters/agents/${name}.ts`)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return outfile;
}
