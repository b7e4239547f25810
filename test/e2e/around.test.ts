/** What stands around a running workflow, with the built product: a notice goes out, the inbox has it from elsewhere, its command answers, clean takes what is left. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { coordinatorLog } from "../../src/adapters/coordinator/connect.ts";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import { isOver } from "../../src/core/workflow/next-effects.ts";
import { builtProduct } from "../support/e2e-build.ts";
import { killCoordinator } from "../support/e2e-workflow.ts";
import { openWorld, type World } from "../support/e2e-world.ts";
import { eventually } from "../support/eventually.ts";

interface Message {
  readonly workflow: string;
  readonly slot: string;
  readonly command: string;
  readonly repository: string;
}

/** Collects what is posted to it. */
async function receiver(): Promise<{ readonly url: string; readonly messages: readonly Message[] }> {
  const messages: Message[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    messages.push(JSON.parse(text) as Message);
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/T0K3N`, messages };
}

/** A `notify-send` and a `signalbox` on the PATH, as if installed. */
function install(world: World, command: string): World {
  const bin = join(world.folder, "bin");
  mkdirSync(bin);
  const shown = join(world.folder, "shown");
  writeFileSync(join(bin, "notify-send"), `#!/bin/sh\nprintf '%s\\n' "$@" >> '${shown}'\n`, { mode: 0o755 });
  writeFileSync(join(bin, "signalbox"), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  return world.with({ PATH: `${bin}:${world.env.PATH}` });
}

/** Sizes and ages move between two looks, and the width of their columns with them. */
function withoutFigures(text: string): string {
  return text.replace(/[\d.]+ [kMG]?B|just now|\d+(ms|s|m\d+s) ago/g, "#").replace(/ {2,}/g, "  ");
}

describe("around a running workflow", () => {
  it("a question is announced, found from elsewhere, and answered with the command that was sent", async () => {
    const { url, messages } = await receiver();
    const files = {
      "signalbox.yaml": "notify: [desktop, webhook: { url: $HOOK, kinds: unverified }]\n",
      ".gitignore": "*.log\n",
    };
    const bare = await openWorld({ files, env: { HOOK: url } });
    const { command } = await builtProduct();
    const world = install(bare, command.join(" "));
    const started = await world.ok("dispatch", "Fix the login", "--use", "simulated", "--detach", "--json");
    const { workflow } = JSON.parse(started) as { readonly workflow: string };
    const message = await eventually("the notice", () => messages[0]);
    expect(message).toMatchObject({ workflow, slot: "fix-login", repository: "shop" });
    const shown = await eventually("the desktop", () => {
      const path = join(world.folder, "shown");
      return existsSync(path) && readFileSync(path, "utf8");
    });
    expect(shown).toContain(message.command);
    expect(readFileSync(coordinatorLog(world.commonDir), "utf8")).not.toContain("T0K3N");
    expect(await world.ok("config")).not.toContain("T0K3N");

    const elsewhere = world.at(world.folder);
    const inbox = JSON.parse(await elsewhere.ok("inbox", "--json")) as {
      readonly waiting: readonly { readonly workflow: string; readonly subject: string }[];
    };
    expect(inbox.waiting).toMatchObject([{ workflow, subject: "fix-login" }]);

    const answered = await runProgram("sh", ["-c", message.command], { cwd: "/", env: world.env });
    expect(answered.stderr).toContain("fix-login approved");
    await world.until(workflow, "the slot is merged", (state) =>
      ["merged"].includes(state.deliverables["fix-login"]?.step ?? ""),
    );
    await eventually(
      "the inbox to be without it",
      async () => !(await elsewhere.ok("inbox", "--json")).includes('"kind": "unverified"'),
    );
  });

  it("a cancelled workflow is cleaned as its dry run said, and comes back", async () => {
    const world = await openWorld({ scenario: { delayMs: 60_000 } });
    const id = (await world.ok("dispatch", "Fix the login", "--use", "simulated", "--detach")).trim();
    await world.until(id, "the session runs", (state) => Object.keys(state.sessions).length > 0);
    const place = (await world.ok("open", "fix", "--print")).trim();
    writeFileSync(join(place, "half.txt"), "half done");
    await world.ok("cancel", "--yes");
    await world.until(id, "nothing to be left to do", isOver);
    // A coordinator that lives on refreshes the documents in the integration worktree once more.
    if ((await world.coordinator()) !== null) await killCoordinator(world);
    const kept = await world.ok("clean", "--yes");
    expect(kept).toContain("kept for another 6d23h");
    expect(existsSync(place)).toBe(true);
    const dry = await world.ok("clean", id, "--dry-run");
    const real = await world.ok("clean", id, "--yes");
    expect(withoutFigures(real)).toBe(withoutFigures(dry));
    expect(existsSync(place)).toBe(false);
    const backs = [...real.matchAll(/back: git (.*)/g)].map(([, args = ""]) => args.split(" "));
    for (const args of backs) await world.git(...args);
    expect(readFileSync(join(place, "half.txt"), "utf8")).toBe("half done");
  });
});
