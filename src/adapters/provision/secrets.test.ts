import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCheckRunner } from "../checks/index.ts";
import { testSettings } from "../checks/testing-settings.ts";
import { openConsent } from "./consent.ts";
import { createProvisioner } from "./index.ts";
import { provisionLogPath } from "./log.ts";
import { isSecretFile, redactorOf, secretValues } from "./secrets.ts";
import { type TestProject, testProjects } from "./testing-project.ts";

let projects: Awaited<ReturnType<typeof testProjects>>;
let project: TestProject;

beforeAll(async () => {
  projects = await testProjects([], async () => {});
  project = await projects.open();
  await project.write(".env", "TOKEN=hunter2-secret\nPORT=8080\n");
  await project.write(".env.local", "OTHER=also-very-secret\n");
  await project.write("config/.env", "DEEP=deep-down-secret\n");
  await project.write("config/plain.txt", "plain");
});
afterAll(() => projects.remove());

const yes = { allowed: true, by: "ada", at: "2026-03-01T10:00:00Z" };
const consent = (written: readonly string[] = []) =>
  openConsent(project.repository.commonDir, async () => written);
const provisioner = (written: readonly string[] = []) =>
  createProvisioner({
    root: project.root,
    commonDir: project.repository.commonDir,
    env: project.env,
    consent: consent(written),
  });
const logOf = (path: string) => readFile(provisionLogPath(project.repository.commonDir, "w", path), "utf8");
const content = (path: string, name: string) => project.read(name, path).catch(() => null);

describe("files with secrets", () => {
  it("are known by their names", () => {
    const names = [".env", ".env.local", "apps/web/.env-test", ".envrc", "env", "x.env", ".environment/x"];
    expect(names.map(isSecretFile)).toEqual([true, true, true, true, false, false, false]);
  });

  it("are not copied as long as nobody has allowed it, and the log says how to", async () => {
    const path = await project.worktree("unasked");
    const settings = testSettings({ copy: [".env*", "config"], link: [".env.local"] });
    expect(await provisioner().prepare(path, settings)).toEqual({ ok: true });
    expect(await content(path, ".env")).toBeNull();
    expect(await content(path, ".env.local")).toBeNull();
    expect(await content(path, "config/.env")).toBeNull();
    expect(await content(path, "config/plain.txt")).toBe("plain");
    expect(await logOf(path)).toContain("provision: { copy: [.env, .env.local, config/.env");
  });

  it("are copied where the configuration names them without a wildcard", async () => {
    const path = await project.worktree("written");
    await provisioner([".env", ".env.*"]).prepare(path, testSettings({ copy: [".env*"] }));
    expect(await content(path, ".env")).toContain("hunter2");
    expect(await content(path, ".env.local")).toBeNull();
  });

  it("are copied as a person answered, which is remembered beside the repository and nowhere else", async () => {
    await consent().remember([".env"], yes);
    await consent().remember([".env.local"], { ...yes, allowed: false });
    expect([
      await consent().of(".env"),
      await consent().of(".env.local"),
      await consent().of("config/.env"),
    ]).toEqual([true, false, null]);
    const path = await project.worktree("answered");
    await provisioner().prepare(path, testSettings({ copy: [".env*"] }));
    expect(await content(path, ".env")).toContain("hunter2");
    expect(await content(path, ".env.local")).toBeNull();
    expect(await project.run("git", ["status", "--porcelain", "--", "signalbox*", "consent*"])).toBe("");
  });

  it("are in no commit, although no ignore rule names them", async () => {
    await consent().remember([".env", "config/.env"], yes);
    const path = await project.worktree("commit");
    await provisioner().prepare(path, testSettings({ copy: [".env", "config"] }));
    expect(await project.run("git", ["status", "--porcelain", "-uall"], path)).toContain("?? .env");
    await project.write("work.txt", "done", path);
    const commit = await project.repository.commitWorktree(path, { subject: "x", trailers: {} }, "e", []);
    expect(await project.run("git", ["show", "--stat", "--format=", commit ?? ""])).toMatch(
      /^ work\.txt \| 1 \+\n 1 file/,
    );
  });

  it("have their values taken out of what commands and checks print", async () => {
    await consent().remember([".env"], yes);
    const path = await project.worktree("printed");
    const settings = testSettings({ copy: [".env"], run: ["cat .env", "cat .env; exit 3"] });
    const result = await provisioner().prepare(path, settings);
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining("TOKEN=[TOKEN]\nPORT=8080") });
    expect(await logOf(path)).not.toContain("hunter2");
    const run = "cat .env; exit 1";
    const checks = createCheckRunner({ env: project.env, commonDir: project.repository.commonDir });
    const [checked] = await checks.run(path, [{ name: run, run, timeoutMs: 5000 }], settings, new Set());
    expect(checked?.tail).toBe("TOKEN=[TOKEN]\nPORT=8080");
  });
});

describe("values of secrets", () => {
  it.each([
    ["A=plain-value", ["plain-value"]],
    ["export A = 'quoted value'", ["quoted value"]],
    ['A="with \\" quote" # note', ['with \\" quote']],
    ["A=bare-value # note", ["bare-value"]],
    ["A=short\nB=localhost\nC=development\nD=12345678\n#E=commented", []],
    [
      'KEY="-----BEGIN-----\nabcdefgh\n-----END-----"',
      ["-----BEGIN-----\nabcdefgh\n-----END-----", "-----BEGIN-----", "-----END-----", "abcdefgh"],
    ],
  ])("of %j", (text, values) => {
    expect(secretValues(text).map(([value]) => value)).toEqual(values);
  });

  it("are replaced by the names of their variables, the longer one first", async () => {
    const folder = await mkdtemp(join(tmpdir(), "signalbox-secrets-"));
    await writeFile(join(folder, ".env"), "SHORT=abcdef\nLONG=abcdef-ghijkl\n");
    const redact = await redactorOf(folder, [".env", "missing/.env", "other.txt"]);
    await rm(folder, { recursive: true });
    expect(redact("x abcdef-ghijkl abcdef y")).toBe("x [LONG] [SHORT] y");
  });
});
