import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import type { NotifyChannel } from "../../core/notify.ts";
import type { Notice } from "../../ports/notifier.ts";
import { createNotifier } from "./notifier.ts";

const NOTICE: Notice = {
  workflow: "fixes-20260301-001",
  subject: "login",
  kind: "review",
  reason: "login is accepted and waits to be landed",
  command: "signalbox land login",
  at: "2026-03-01T10:00:00Z",
  base: "b".repeat(40),
};

interface Received {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

/** A receiver on loopback; `answers` are the codes in order, the last one for good. `hang` never answers. */
async function receiver(...answers: readonly (number | "hang")[]) {
  const received: Received[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    received.push({ path: request.url ?? "", headers: request.headers, body: JSON.parse(text) });
    const answer = answers[Math.min(received.length, answers.length) - 1] ?? 200;
    if (answer === "hang") return;
    response.writeHead(answer, answer === 302 ? { location: "http://127.0.0.1:9/" } : {}).end("ok");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { received, host: `127.0.0.1:${port}` };
}

interface Setting {
  readonly channels: readonly NotifyChannel[];
  readonly env?: Readonly<Record<string, string>>;
  /** Patience with a receiver that never answers. */
  readonly timeoutMs?: number;
}

/** A notifier with its log. */
function aNotifier({ channels, env = {}, timeoutMs = 5000 }: Setting) {
  const log: string[] = [];
  const notifier = createNotifier({
    root: "/srv/it's a shop",
    name: "shop",
    env,
    channelsAt: async () => channels,
    narrate: (line) => log.push(line),
    webhook: { timeoutMs, pauseMs: 1 },
  });
  return { log, notify: (changes: Partial<Notice> = {}) => notifier.notify({ ...NOTICE, ...changes }) };
}

function webhook(url: string): NotifyChannel {
  return { channel: "webhook", url, kinds: null };
}

/** A folder with a `notify-send` that writes its arguments, one a line. */
async function fakeDesktop(script = 'printf "%s\\n" "$@" >> "$OUT"') {
  const folder = await tempFolder();
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin", "notify-send"), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, "bin", "notify-send"), 0o755);
  const out = join(folder, "out");
  await writeFile(out, "");
  const env = { PATH: `${join(folder, "bin")}:${process.env.PATH}`, OUT: out };
  return { env, shown: async () => (await readFile(out, "utf8")).split("\n").slice(0, -1) };
}

const DESKTOP: NotifyChannel = { channel: "desktop", kinds: null };

describe("a webhook", () => {
  it("gets what waits with the command that answers it from any folder", async () => {
    const { received, host } = await receiver(200);
    const { log, notify } = aNotifier({ channels: [webhook(`http://${host}/hooks/T0K3N?k=S3CR3T`)] });
    await notify();
    expect(received).toMatchObject([{ path: "/hooks/T0K3N?k=S3CR3T" }]);
    expect(received[0]?.headers["content-type"]).toBe("application/json");
    const command = "signalbox -C '/srv/it'\\''s a shop' land login -w fixes-20260301-001";
    expect(received[0]?.body).toEqual({
      workflow: "fixes-20260301-001",
      slot: "login",
      kind: "review",
      reason: "login is accepted and waits to be landed",
      command,
      at: "2026-03-01T10:00:00Z",
      repository: "shop",
      text: `shop: login waits: login is accepted and waits to be landed (${command})`,
    });
    expect(log).toHaveLength(1);
  });

  it.each([
    ["once more after an answer of 500", [500, 200], 2],
    ["once more after an answer of 429", [429, 200], 2],
    ["once more where none answers in time", ["hang", 200], 2],
    ["not more often than that", [503, 503, 200], 2],
    ["no second time where it is refused", [404, 200], 1],
    ["and follows to no other address", [302, 200], 1],
  ] as const)("is tried %s", async (_, answers, tries) => {
    const { received, host } = await receiver(...answers);
    const timeoutMs = answers.some((answer) => answer === "hang") ? 300 : 5000;
    await aNotifier({ channels: [webhook(`http://${host}/`)], timeoutMs }).notify();
    expect(received).toHaveLength(tries);
  });

  it("that fails is told once, without anything secret, until it works again", async () => {
    const { received, host } = await receiver(404, 404, 200, 404);
    const { log, notify } = aNotifier({
      channels: [webhook(`http://ada:PASSW0RD@${host}/T0K3N?key=S3CR3T`)],
    });
    for (let i = 0; i < 4; i += 1) await notify();
    expect(received).toHaveLength(4);
    expect(log.filter((line) => line.startsWith("not announced"))).toEqual([
      `not announced: webhook at ${host} answered 404`,
      `not announced: webhook at ${host} answered 404`,
    ]);
    expect(log.join("\n")).not.toMatch(/PASSW0RD|T0K3N|S3CR3T/);
    expect(received[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from("ada:PASSW0RD").toString("base64")}`,
    );
  });

  it("that cannot be reached, or is silent, fails nothing and names no secret", async () => {
    const { host } = await receiver("hang");
    const { log, notify } = aNotifier({
      channels: [webhook("http://127.0.0.1:9/T0K3N"), webhook(`http://${host}/T0K3N`)],
      timeoutMs: 300,
    });
    await notify();
    expect(log.join("\n")).toMatch(/127\.0\.0\.1:9 cannot be reached/);
    expect(log.join("\n")).toMatch(/gave no answer within 0\.3 s/);
    expect(log.join("\n")).not.toContain("T0K3N");
  });

  it("may have its address in a variable, and says which one is empty", async () => {
    const { received, host } = await receiver(200);
    const channels = [webhook("$MY_HOOK")];
    await aNotifier({ channels, env: { MY_HOOK: `http://${host}/x` } }).notify();
    expect(received).toHaveLength(1);
    const without = aNotifier({ channels });
    await without.notify();
    expect(without.log.at(-1)).toBe("not announced: webhook has no address in the variable MY_HOOK");
  });
});

describe("the desktop", () => {
  it("shows slot, reason and command, as text and not as markup", async () => {
    const { env, shown } = await fakeDesktop();
    const { notify } = aNotifier({ channels: [DESKTOP], env });
    await notify({ subject: "--help", reason: "<b>bold</b> & \u001b[31mred" });
    expect(await shown()).toEqual([
      "--app-name=signalbox",
      "--",
      "shop: --help",
      "&lt;b&gt;bold&lt;/b&gt; &amp;  [31mred",
      "signalbox -C '/srv/it'\\''s a shop' land login -w fixes-20260301-001",
    ]);
  });

  it("that refuses, or is not there, fails nothing and is told once", async () => {
    const { env } = await fakeDesktop('echo "no session bus" >&2; exit 1');
    const refused = aNotifier({ channels: [DESKTOP], env });
    await refused.notify();
    await refused.notify();
    expect(refused.log.filter((line) => line.startsWith("not"))).toEqual([
      "not announced: desktop no session bus",
    ]);
    const none = aNotifier({ channels: [DESKTOP], env: { PATH: "/nonexistent" } });
    await none.notify();
    expect(none.log.at(-1)).toContain("no notify-send here");
  });
});

describe("channels", () => {
  it("get only the kinds of questions that they are for, and one that fails hinders no other", async () => {
    const { received, host } = await receiver(200);
    const { env, shown } = await fakeDesktop();
    const channels: readonly NotifyChannel[] = [
      { channel: "webhook", url: "http://127.0.0.1:9/", kinds: null },
      { channel: "webhook", url: `http://${host}/`, kinds: ["limit", "auth"] },
      { channel: "desktop", kinds: ["review"] },
    ];
    const { notify } = aNotifier({ channels, env });
    await notify();
    await notify({ kind: "limit", subject: "workflow" });
    expect(received.map(({ body }) => (body as { readonly kind: string }).kind)).toEqual(["limit"]);
    expect((await shown()).filter((line) => line.startsWith("shop:"))).toEqual(["shop: login"]);
  });

  it("that cannot be read are told, and the log has the question all the same", async () => {
    const log: string[] = [];
    const notifier = createNotifier({
      root: "/srv/shop",
      name: "shop",
      env: {},
      channelsAt: () => Promise.reject(new Error("The configuration has an error\n\n  url: T0K3N")),
      narrate: (line) => log.push(line),
    });
    await notifier.notify(NOTICE);
    expect(log).toEqual([
      "fixes-20260301-001 waits: login is accepted and waits to be landed (signalbox land login)",
      "not announced: the configuration cannot be read (The configuration has an error)",
    ]);
  });
});
