import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { claudeLogin } from "./payer.ts";

function home(): string {
  const folder = mkdtempSync(join(tmpdir(), "sbx-home-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe("the login of Claude Code", () => {
  it("is found in the environment and in its folder", () => {
    const folder = home();
    expect(claudeLogin({ HOME: folder }, "linux").found).toBe(false);
    expect(claudeLogin({ HOME: folder, ANTHROPIC_API_KEY: "k" }, "linux").found).toBe(true);
    expect(claudeLogin({ HOME: folder, CLAUDE_CODE_USE_BEDROCK: "1" }, "linux").found).toBe(true);
    writeFileSync(join(folder, ".credentials.json"), "{}");
    expect(claudeLogin({ HOME: home(), CLAUDE_CONFIG_DIR: folder }, "linux").found).toBe(true);
  });

  it("is not called missing where it may be in the keychain", () => {
    expect(claudeLogin({ HOME: home() }, "darwin").found).toBe(null);
  });
});
