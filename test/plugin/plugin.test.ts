/** The plugin for Claude Code, checked by the real program: it is valid, installs, is offered to a session, and answers for nobody. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findClaude } from "../../src/adapters/agents/claude-binary.ts";
import { sendJson, sendReply } from "../../src/adapters/endpoint/wire.ts";
import { type RunResult, runProgram } from "../../src/adapters/process/spawn.ts";
import { parseDefinition } from "../../src/config/parse-definition.ts";
import { aPlanContext, multiInstance } from "../builders/definitions.ts";
import { planOf } from "../builders/derived.ts";
import { aWorld } from "../cli/harness.ts";
import { hermeticEnv } from "../support/agent-sessions.ts";
import { builtProduct } from "../support/e2e-build.ts";
import { projectFile } from "../support/markdown.ts";
import { realClaudeMissing } from "../support/real-claude.ts";
import { tempFolder } from "../support/temp-folder.ts";

const ROOT = resolve(".");
const PLUGIN = join(ROOT, "plugin");
const missing = realClaudeMissing();

/** Runs the real program as somebody who has never used it. */
async function claude(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<RunResult> {
  const program = findClaude(process.env, "bundled") ?? "";
  return runProgram(program, args, { cwd: ROOT, env, timeoutMs: 60_000 });
}

async function freshHome(): Promise<Readonly<Record<string, string>>> {
  return hermeticEnv(await tempFolder(), "http://127.0.0.1:9");
}

describe("the manifests of the plugin", () => {
  it("carry the version of the package, which ships them", () => {
    const { version, files } = JSON.parse(projectFile("package.json")) as {
      readonly version: string;
      readonly files: readonly string[];
    };
    const plugin = JSON.parse(projectFile("plugin/.claude-plugin/plugin.json")) as {
      readonly version: string;
    };
    expect(plugin.version).toBe(version);
    expect(files).toEqual(expect.arrayContaining(["plugin", ".claude-plugin"]));
  });
});

describe("the definitions that the skill shows", () => {
  const text = projectFile("plugin/skills/signalbox/references/definition.md");
  const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = ""]) => block);

  it("can be planned, and nothing that they say is lost", () => {
    expect(blocks.length).toBeGreaterThan(1);
    for (const block of blocks) {
      const parsed = parseDefinition(block, { file: "definition.yaml" });
      if (!parsed.ok) throw new Error(parsed.errors.map(({ message }) => message).join("\n"));
      const { plan, notices } = planOf(parsed.definition, aPlanContext());
      expect(plan.deliverables.length).toBeGreaterThan(1);
      expect(notices.filter(({ code }) => code === "handoff-unread")).toEqual([]);
    }
  });
});

describe.skipIf(missing !== null)("the real Claude Code", () => {
  it.each([
    ["plugin", PLUGIN],
    ["marketplace", ROOT],
  ])("finds nothing wrong with the %s", async (_, folder) => {
    const { code, stdout, stderr } = await claude(
      await freshHome(),
      "plugin",
      "validate",
      "--strict",
      folder,
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.toString("utf8")).toContain("Validation passed");
  });

  it("installs the plugin from this repository as a marketplace", async () => {
    const env = await freshHome();
    expect((await claude(env, "plugin", "marketplace", "add", ROOT)).code).toBe(0);
    expect((await claude(env, "plugin", "install", "signalbox@signalbox")).code).toBe(0);
    const details = await claude(env, "plugin", "details", "signalbox");
    expect(details.stdout.toString("utf8")).toContain("Skills (1)  signalbox");
  });

  it("offers the skill to a session, and what it types answers for nobody", async () => {
    const world = await aWorld();
    const engine = await world.coordinate();
    const { plan } = planOf(multiInstance(), aPlanContext({ id: "demo-20260220-001" }));
    const commit = (await world.git("rev-parse", "HEAD")).trim();
    await engine.create({ ...plan, base: { ...plan.base, commit } }, "ada");
    const { command } = await builtProduct();
    const typed = `${command.join(" ")} -C ${world.root} approve plan`;
    const commands = [typed, `env -u CLAUDECODE ${typed}`, `unset CLAUDECODE; ${typed}`];
    const model = await scriptedModel(commands);
    const env = {
      ...hermeticEnv(await tempFolder(), model.url),
      XDG_RUNTIME_DIR: world.env.XDG_RUNTIME_DIR ?? "",
      SIGNALBOX_USER: "ada",
    };
    const ran = await claude(
      env,
      "--plugin-dir",
      PLUGIN,
      "--print",
      "--allowedTools",
      "Bash",
      "--",
      "Approve the plan with signalbox.",
    );
    expect(ran.stdout.toString("utf8")).toContain("That is all.");
    expect(model.requests.some((body) => body.includes("signalbox:signalbox"))).toBe(true);
    const last = model.requests.at(-1) ?? "";
    expect(last.match(/a person must type it/g)).toHaveLength(commands.length);
    expect(engine.state("demo-20260220-001")?.questions).toHaveLength(1);
  });
});

/** A model that calls Bash with one command after the other, then ends. `requests` are the bodies of the conversation. */
async function scriptedModel(
  commands: readonly string[],
): Promise<{ readonly url: string; readonly requests: readonly string[] }> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    if (!/\/v1\/messages(\?|$)/.test(request.url ?? "")) return sendJson(response, 200, {});
    const { tools, stream } = JSON.parse(body) as { tools?: readonly unknown[]; stream?: boolean };
    const tokens = { input: 10, output: 10 };
    if ((tools ?? []).length === 0)
      return sendReply(response, { text: "A title", tools: [] }, "scripted", tokens, stream === true);
    requests.push(body);
    const command = commands[requests.length - 1];
    const reply =
      command === undefined
        ? { text: "That is all.", tools: [] }
        : { text: "", tools: [{ name: "Bash", input: { command, description: "Approve" } }] };
    return sendReply(response, reply, "scripted", tokens, stream === true);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
