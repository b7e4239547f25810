import { spawn } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AskedLanding } from "../../ports/landing.ts";
import { ownIdentity } from "../process/identity.ts";
import {
  clearDeadLandings,
  deadLandings,
  landingFolder,
  openLandingQueue,
  queuedLandings,
} from "./landing-queue.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
let common: string;
beforeEach(async () => {
  repo = await tempRepository();
  common = join(repo.root, ".git");
});
afterEach(() => repo.remove());

const asked = (workflow: string, target = "main"): AskedLanding => ({
  target,
  workflow,
  slots: ["login"],
  way: "here",
  since: "2026-02-20T10:00:00Z",
});

/** A promise and what resolves it. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** The place of a process that is somebody else's, as that process would have written it. */
async function placeOf(number: number, changes: object, target = "main"): Promise<string> {
  const folder = landingFolder(common);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${String(number).padStart(6, "0")}.${crypto.randomUUID()}.json`);
  await writeFile(
    path,
    JSON.stringify({ ...asked("other", target), ...ownIdentity(), host: hostname(), ...changes }),
  );
  return path;
}

const nobody = (): never => expect.fail("somebody is before it");

const places = async (): Promise<readonly string[]> =>
  (await readdir(landingFolder(common))).filter((name) => name.endsWith(".json"));

describe("the queue of landings", () => {
  it("gives one turn at a time on a target, in the order of asking, and goes on after a failure", async () => {
    const [seen, told]: [string[], string[]] = [[], []];
    const hold = gate();
    const names = ["a", "b", "c"];
    const turns: Promise<void>[] = [];
    for (const name of names) {
      const waits = gate();
      const begun = gate();
      const turn = openLandingQueue(common).turn(
        asked(name),
        (others) => {
          told.push(`${name} after ${others.map(({ workflow }) => workflow).join(", ")}`);
          waits.open();
        },
        async () => {
          begun.open();
          seen.push(`${name} in`);
          await hold.opened;
          seen.push(`${name} out`);
          if (name === "b") throw new Error("b fails");
        },
      );
      turns.push(turn.catch(() => {}));
      await (name === "a" ? begun.opened : waits.opened);
    }
    expect((await queuedLandings(common)).map(({ workflow }) => workflow)).toEqual(names);
    hold.open();
    await Promise.all(turns);
    expect(seen).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
    expect(told.slice(0, 2)).toEqual(["b after a", "c after a, b"]);
    expect(await places()).toEqual([]);
  });

  it("lets landings on different targets pass each other", async () => {
    const queue = openLandingQueue(common);
    const order = await queue.turn(asked("a"), nobody, () =>
      queue.turn(asked("b", "origin/main"), nobody, async () =>
        (await queue.list()).map((one) => one.target),
      ),
    );
    expect(order).toEqual(["main", "origin/main"]);
  });

  it("gives up the place of somebody who does not want to wait, and asks nobody else to leave", async () => {
    await placeOf(7, {});
    const refuse = (): never => {
      throw new Error("not now");
    };
    const turn = openLandingQueue(common).turn(asked("a"), refuse, () => expect.fail("its turn came"));
    await expect(turn).rejects.toThrow("not now");
    expect((await queuedLandings(common)).map(({ workflow }) => workflow)).toEqual(["other"]);
  });

  it.each([
    ["a process that is gone", { pid: 4_000_000 }],
    ["a later process with the same pid", { startTime: "1" }],
    ["an earlier boot", { bootId: "before" }],
  ])("passes the place of %s, and removes it", async (_, changes) => {
    const path = await placeOf(3, changes);
    expect([await deadLandings(common), await queuedLandings(common)]).toEqual([[path], []]);
    const cleared: string[] = [];
    const queue = openLandingQueue(common, async ({ target }) => {
      // Its place is there still: if this process dies now, the next one clears again.
      cleared.push(`${target} ${(await places()).length}`);
    });
    expect(await queue.turn(asked("a"), nobody, async () => "landed")).toBe("landed");
    expect([cleared, await places()]).toEqual([["main 2"], []]);
  });

  it("clears what a dead landing has left only where nobody living lands or waits", async () => {
    await placeOf(3, { pid: 4_000_000 });
    const other = await placeOf(4, { pid: 4_000_000 }, "release");
    await placeOf(5, {}, "main");
    const cleared: string[] = [];
    await clearDeadLandings(common, async ({ target }) => void cleared.push(target));
    expect([cleared, (await deadLandings(common)).includes(other)]).toEqual([["release"], false]);
    expect(await places()).toHaveLength(2);
  });

  it("passes nobody on another machine, and nothing that it cannot read", async () => {
    await placeOf(3, { host: "elsewhere", pid: 4_000_000 });
    const refuse = (): never => {
      throw new Error("not now");
    };
    const turn = () => openLandingQueue(common).turn(asked("a"), refuse, () => expect.fail("its turn came"));
    await expect(turn()).rejects.toThrow("not now");
    const path = await placeOf(4, {});
    await writeFile(path, "{");
    await expect(turn()).rejects.toMatchObject({
      code: "landing-queue",
      hints: [expect.stringContaining(path)],
    });
  });

  it("comes to the next one when the process that has its turn is killed", async () => {
    const child = await otherProcess();
    const heard = gate();
    const turn = openLandingQueue(common).turn(
      asked("a"),
      ([first]) => {
        expect(first).toMatchObject({ pid: child.pid, workflow: "other" });
        heard.open();
      },
      async () => "landed",
    );
    await heard.opened;
    child.kill("SIGKILL");
    expect(await turn).toBe("landed");
  });
});

/** A second process that has its turn and keeps it. Resolves when it has. */
async function otherProcess(): Promise<ReturnType<typeof spawn>> {
  const script = join(dirname(repo.root), "other.mjs");
  const contents = `
    import { openLandingQueue } from ${JSON.stringify(join(import.meta.dirname, "landing-queue.ts"))};
    const asked = ${JSON.stringify(asked("other"))};
    setInterval(() => {}, 60_000);
    await openLandingQueue(process.argv[2]).turn(asked, () => {}, async () => {
      process.stdout.write("in");
      await new Promise(() => {});
    });
  `;
  await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: "ts" },
    outfile: script,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const child = spawn(process.execPath, [script, common], {
    env: TEST_ENV,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve, reject) => {
    child.stdout?.once("data", resolve);
    child.once("exit", reject);
  });
  return child;
}
