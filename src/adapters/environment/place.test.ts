// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the format has expressions of its own
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandEnvironment } from "../checks/environment.ts";
import { agentEnvironment } from "./agent-environment.ts";
import { pathIn } from "./place.ts";

let worktree: string;

beforeEach(async () => {
  worktree = await mkdtemp(join(tmpdir(), "signalbox-place-"));
});
afterEach(() => rm(worktree, { recursive: true, force: true }));

const ports = { first: 20_000, count: 2 };
const settings = {
  env: { pass: [], set: { PORT: "${{ port.0 }}", URL: "http://localhost:${{ port.1 }}", MODE: "test" } },
};

describe("the environment in a worktree", () => {
  it("carries its ports for agents and commands alike", () => {
    const expected = {
      SIGNALBOX_PORT_0: "20000",
      SIGNALBOX_PORT_1: "20001",
      PORT: "20000",
      URL: "http://localhost:20001",
      MODE: "test",
    };
    expect(agentEnvironment({}, settings, { worktree, ports })).toEqual(expected);
    expect(commandEnvironment({}, settings.env, { worktree, ports })).toMatchObject(expected);
  });

  it("has no variable that needs a port where there are none", () => {
    expect(agentEnvironment({}, settings)).toEqual({ MODE: "test" });
  });

  it("finds programs of the worktree where the user's path names the checkout", () => {
    const path = "/repo/node_modules/.bin:/usr/bin:/repo:/repo-wt/x/bin:relative:/usr/bin";
    expect(pathIn(path, { root: "/repo", worktree: "/repo-wt/x" })).toBe(
      "/repo-wt/x/node_modules/.bin:/usr/bin:/repo-wt/x:/repo-wt/x/bin:relative",
    );
    expect(pathIn(path, { worktree: "/repo-wt/x" })).toContain("/repo/node_modules/.bin");
    const inside = { root: "/repo", worktree: "/repo/.wt/x" };
    expect(pathIn("/repo/.wt/x/bin:/repo/bin", inside)).toBe("/repo/.wt/x/bin");
  });

  it("is that of a virtual environment that was prepared there", async () => {
    await mkdir(join(worktree, ".venv"));
    await writeFile(join(worktree, ".venv", "pyvenv.cfg"), "");
    const env = commandEnvironment({ PATH: "/usr/bin" }, settings.env, { worktree, ports });
    expect(env).toMatchObject({ PATH: `${worktree}/.venv/bin:/usr/bin`, VIRTUAL_ENV: `${worktree}/.venv` });
  });
});
