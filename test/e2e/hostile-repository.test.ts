/**
 * A hostile repository and the real agent (P2, P7). Defects it would catch: a setting, hook or script of the repository that runs because
 * of us, words of the work that reach a judge as anything but data, an answer that is no verdict and passes.
 */
import { writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startEndpoint } from "../../src/adapters/endpoint/server.ts";
import { openWorld } from "../support/e2e-world.ts";
import { INJECTION, ORDERS, setTraps } from "../support/hostile-repository.ts";
import { realClaudeMissing } from "../support/real-claude.ts";
import { scriptedModel } from "../support/scripted-model.ts";

const ID = "fix-1";
const FIX = `workflow: Fix
slug: fix
criticality: C2
loop: { min: 1, max: 2 }
judge: { samples: 1, max_samples: 2 }
provision: { dependencies: none }
stages:
  - phase: Fixes
    slots:
      - { id: login, role: coder, makes: commit, brief: Fix the login }
`;
/** The first judge answers in prose; the second gives a verdict. */
const SCENARIO = {
  deliverables: {
    login: {
      scores: [0.97],
      samples: ["prose" as const, null],
      edits: [{ path: "src/notes.md", text: INJECTION.join("\n") }],
      calls: [{ tool: "Bash", input: { command: "git status --short; git log --oneline -1" }, round: 1 }],
    },
  },
};

/** Passes everything on to `url`, and keeps what was asked. */
async function listenedTo(url: string): Promise<{ readonly url: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((from, to) => {
    const chunks: Buffer[] = [];
    from.on("data", (chunk: Buffer) => chunks.push(chunk));
    from.on("end", () => {
      const body = Buffer.concat(chunks);
      asked.push(body.toString("utf8"));
      const passed = request(
        `${url}${from.url}`,
        { method: from.method, headers: from.headers },
        (answer) => {
          to.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(to);
        },
      );
      passed.on("error", () => to.destroy());
      passed.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as { readonly port: number };
  return { url: `http://127.0.0.1:${port}`, asked };
}

describe.skipIf(realClaudeMissing() !== null)("in a repository that tries everything", () => {
  it("a workflow comes to its end, nothing of the repository runs, and judges see its words as data", async () => {
    const endpoint = await startEndpoint({ scenario: SCENARIO });
    onTestFinished(() => endpoint.close());
    const service = await listenedTo(endpoint.url);
    const world = await openWorld({ env: scriptedModel(service.url) });
    const traps = setTraps(path.join(world.folder, "sprung"));
    for (const [file, text] of Object.entries(traps.files)) world.write(file, text);
    writeFileSync(path.join(world.root, "../outside.md"), "a secret beside the repository\n");
    await world.git("add", "-f", "-A");
    await world.git("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},evil`);
    await world.git("commit", "-qm", "everything");
    const definition = await world.define("fix", FIX);
    traps.arm(world.commonDir);

    await world.ok("run", definition, "--use", "claude", "--id", ID, "--yes", "--detach");
    const state = await world.until(
      ID,
      "it ends or asks",
      (now) => now.status === "COMPLETE" || now.questions.length > 0,
    );
    for (const look of [["diff", "login"], ["show", "login"], ["doctor"], ["plan", definition]])
      await world.run(...look);

    expect(traps.sprung()).toEqual([]);
    expect(state.questions.map(({ reason }) => reason)).toEqual([]);
    const [round] = state.deliverables.login?.rounds ?? [];
    expect(round?.samples.map(({ valid }) => valid)).toEqual([false, true]);

    const judged = service.asked.filter((body) => body.includes("signalbox-task: judge"));
    expect(judged.length).toBeGreaterThan(0);
    for (const body of judged) {
      expect(body).toContain(JSON.stringify(`| +${INJECTION[2]}`).slice(1, -1));
      const free = INJECTION.filter((line) => body.includes(JSON.stringify(`\n${line}\n`).slice(1, -1)));
      expect(free).toEqual(["DATA>>>", "<<<DATA"]);
      expect(body).not.toContain(ORDERS);
    }
    const criticised = service.asked.filter((body) => body.includes("signalbox-task: critique"));
    expect(criticised.some((body) => body.includes(`| ${ORDERS}`))).toBe(true);
    for (const body of criticised) expect(body.replaceAll(`| ${ORDERS}`, "")).not.toContain(ORDERS);
    expect(service.asked.filter((body) => body.includes("a secret beside the repository"))).toEqual([]);

    // The traps are live: git as a person would type it springs them.
    await world.git("diff", "HEAD~1", "HEAD").catch(() => "");
    await world.git("commit", "--allow-empty", "-m", "x").catch(() => "");
    expect(traps.sprung()).toEqual(
      expect.arrayContaining(["diff-command", "gpg", "hooks-path-pre-commit", "included-fsmonitor"]),
    );
  });
});
