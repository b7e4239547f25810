/** Programs under the real bubblewrap (P7). Defect it would catch: a way out, or work that is no longer possible inside. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  isAlive,
  makePlace,
  type Running,
  specOf,
  startSession,
} from "../../../test/support/agent-sessions.ts";
import { eventually } from "../../../test/support/eventually.ts";
import { bubblewrapMissing, CONFINED, writeProgram } from "../../../test/support/sandbox.ts";
import type { SessionSpec } from "../../ports/session-host.ts";
import { createAdapter } from "../agents/command.ts";
import { runProgram } from "../process/spawn.ts";
import { probeBubblewrap } from "./probe.ts";

interface Ground {
  readonly root: string;
  /** A linked worktree of `shop`. */
  readonly cwd: string;
  readonly shop: string;
  readonly home: string;
  readonly git: (...args: readonly string[]) => string;
}

/** Ends well where something answers at a socket. */
const SPEAK = `require("net").connect(process.argv[1]).on("error", () => process.exit(1)).pipe(process.stdout)`;

/** A repository of a user with a worktree beside it. */
function ground(): Ground {
  const place = makePlace();
  onTestFinished(place.remove);
  const { root } = place;
  const [shop, cwd, home] = [path.join(root, "shop"), path.join(root, "wt/a"), path.join(root, "home")];
  for (const folder of [shop, home, path.join(root, "wt")]) mkdirSync(folder);
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null", HOME: home };
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-C", shop, "-c", "user.name=Ana", "-c", "user.email=a@b.c", ...args], {
      env,
      encoding: "utf8",
    });
  git("init", "-q", "-b", "trunk");
  writeFileSync(path.join(shop, "theirs.md"), "theirs\n");
  git("add", "-A");
  git("commit", "-qm", "start");
  git("worktree", "add", "-q", "-b", "work", cwd);
  return { root: realpathSync(root), cwd: realpathSync(cwd), shop, home, git };
}

/** Runs lines of a shell as an agent of ours, confined. `$ROOT`, `$SHOP`, `$WT` and `$HOME` are there. */
function confined(place: Ground, script: string, over: Partial<SessionSpec> = {}): Running {
  const { root, cwd, shop, home } = place;
  const agent = writeProgram(path.join(root, "agent.sh"), script);
  const env = { PATH: process.env.PATH ?? "", HOME: home, ROOT: root, SHOP: shop, WT: cwd };
  const [boundary, command] = [cwd, [agent, "{result_file}"]];
  return startSession(createAdapter(), specOf(cwd, { env, boundary, command, ...CONFINED, ...over }));
}

/** What each line of the agent ended with: `0`, or another code. */
async function codesOf(place: Ground, lines: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const script = lines.map(
    (line, at) => `( ${line} ) >/dev/null 2>"$WT/err.${at}"; echo $? > "$WT/code.${at}"`,
  );
  const outcome = await confined(place, script.join("\n")).outcome;
  expect(outcome).toMatchObject({ kind: "ok" });
  const read = (at: number): string => readFileSync(path.join(place.cwd, `code.${at}`), "utf8").trim();
  return Object.fromEntries(lines.map((line, at) => [line, read(at)]));
}

/** Every file of a folder with its content; `.git/objects` and all. */
function contents(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
  const names = files.map((file) => path.join(file.parentPath, file.name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(name, "latin1")]));
}

const missing = await bubblewrapMissing();

describe.skipIf(missing !== null)("a program under bubblewrap", () => {
  it("is taken for confined by the probe", async () => {
    expect(await probeBubblewrap(process.env)).toMatchObject({
      ok: true,
      program: expect.stringContaining("/bwrap"),
    });
  });

  it("writes its worktree and a temporary folder of its own, and changes nothing else", async () => {
    const place = ground();
    const before = contents(place.shop);
    const codes = await codesOf(place, [
      "echo in > made.md && rm theirs.md",
      'echo t > "$TMPDIR/t" && echo t > /tmp/t && cat /tmp/t',
      'echo out > "$SHOP/theirs.md"',
      'rm -rf "$SHOP/.git/objects"',
      'echo out > "$HOME/.profile"',
      "echo out > /etc/signalbox-escaped",
      'echo out >> "$WT/.git"',
      'rm -f "$WT/.git"',
    ]);
    expect(Object.values(codes).map((code) => code === "0")).toEqual([true, true, ...Array(6).fill(false)]);
    expect(readFileSync(path.join(place.cwd, "made.md"), "utf8")).toBe("in\n");
    expect(existsSync(path.join(place.cwd, "theirs.md"))).toBe(false);
    expect(contents(place.shop)).toEqual(before);
    expect(readdirSync(place.home)).toEqual([]);
    expect(["/tmp/t", "/etc/signalbox-escaped"].filter((file) => existsSync(file))).toEqual([]);
  });

  it("reads and stages with git, and moves nothing of the repository", async () => {
    const place = ground();
    const before = [place.git("for-each-ref"), place.git("status", "--porcelain"), contents(place.shop)];
    const works = [
      "git log --oneline && git diff HEAD && git show HEAD:theirs.md",
      "echo new > new.md && git add -A && git diff --cached --stat | grep new.md",
      "git stash list && git ls-files -s | grep new.md",
    ];
    const refused = [
      "git -c user.name=A -c user.email=a@b commit -qm no",
      "git branch mine",
      "git branch -D trunk",
      "git config core.hooksPath /tmp/hooks",
      "echo x > $SHOP/.git/hooks/post-commit",
      "git -C $SHOP -c user.name=A -c user.email=a@b stash",
      "git worktree add ../b",
      "git update-ref refs/heads/trunk HEAD~0 && git tag mine",
    ];
    const codes = await codesOf(place, [...works, ...refused]);
    expect(works.map((line) => codes[line])).toEqual(works.map(() => "0"));
    expect(refused.filter((line) => codes[line] === "0")).toEqual([]);
    const after = [place.git("for-each-ref"), place.git("status", "--porcelain"), contents(place.shop)];
    expect(after).toEqual(before);
  });

  it("reaches no process, socket or device outside", async () => {
    const place = ground();
    const runtime = path.join(place.root, "run");
    mkdirSync(runtime);
    const sockets = [path.join(runtime, "coordinator.sock"), path.join(place.home, "daemon.sock")];
    for (const socket of sockets) {
      const server = createServer((connection) => connection.end("hello")).listen(socket);
      onTestFinished(() => void server.close());
    }
    const speak = (socket: string): string => `${process.execPath} -e '${SPEAK}' ${socket}`;
    const shell = { cwd: place.root, env: { PATH: process.env.PATH ?? "" } };
    for (const socket of sockets)
      expect((await runProgram("sh", ["-c", speak(socket)], shell)).stdout.toString()).toBe("hello");
    const tests = [
      `kill -0 ${process.pid}`,
      `ls /proc/${process.pid}/root`,
      ...sockets.map(speak),
      "ls /run/* /dev/sd* /dev/vd* /dev/kmsg",
      "mount -o remount,rw / || unshare -m mount -o remount,rw /",
      "unshare -Urm sh -c 'mount -o remount,rw,bind / && echo x > /etc/signalbox-escaped'",
      // Not written to: where it could be, the machine would have a new program for every crash.
      "[ -w /proc/sys/kernel/core_pattern ] || [ -w /proc/sysrq-trigger ] || [ -w /sys/kernel/uevent_seqnum ] || [ -w /sys/power ]",
    ];
    const script = tests
      .map((line, at) => `( ${line} ) >/dev/null 2>&1; echo $? > "$WT/code.${at}"`)
      .join("\n");
    const env = { PATH: process.env.PATH ?? "", HOME: place.home, WT: place.cwd, XDG_RUNTIME_DIR: runtime };
    await confined(place, script, { env }).outcome;
    const passed = tests.filter(
      (_, at) => readFileSync(path.join(place.cwd, `code.${at}`), "utf8").trim() === "0",
    );
    expect(passed).toEqual([]);
  });

  it("speaks over the network, gives its structured result, and leaves no folder", async () => {
    const place = ground();
    const server = createServer((socket) => socket.end("hello\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { readonly port: number };
    const talk = `require("net").connect(${port}, "127.0.0.1").pipe(process.stdout)`;
    const session = confined(
      place,
      `word=$(${process.execPath} -e '${talk}')\nprintf '{"text":"%s"}' "$word" > "$1"`,
    );
    expect(await session.outcome).toMatchObject({ kind: "ok", text: "hello" });
    const own = `-${process.pid}-`;
    const left = readdirSync(path.dirname(place.root)).filter(
      (name) => name.startsWith("signalbox-sandbox-") && name.includes(own),
    );
    expect(left).toEqual([]);
  });

  it("hears that it is to end, and nothing that it started goes on", async () => {
    const place = ground();
    const session = confined(
      place,
      `trap 'echo heard > heard; exit 3' TERM
setsid sleep 1000 &
echo ready > ready
while :; do sleep 0.05; done`,
    );
    await eventually("it works", () => existsSync(path.join(place.cwd, "ready")));
    session.abort("enough");
    expect(await session.outcome).toEqual(expect.objectContaining({ kind: "cancelled", reason: "enough" }));
    expect(readFileSync(path.join(place.cwd, "heard"), "utf8")).toBe("heard\n");
    await eventually("no process is left", () => session.pids.every((pid) => !isAlive(pid)));
  });

  it("only reads where it reviews, and writes what the user's configuration opens", async () => {
    const place = ground();
    const open = path.join(place.root, "cache");
    mkdirSync(open);
    symlinkSync(place.shop, path.join(place.cwd, "to-shop"));
    const script = `echo x > in-worktree; echo x > ${open}/opened; echo x > to-shop/linked`;
    await confined(place, script, {
      boundary: null,
      sandbox: { use: "bubblewrap", writable: [open, path.join(place.root, "none")] },
    }).outcome;
    expect([existsSync(path.join(place.cwd, "in-worktree")), readdirSync(open)]).toEqual([false, ["opened"]]);
    expect(readdirSync(place.shop)).not.toContain("linked");
  });
});
