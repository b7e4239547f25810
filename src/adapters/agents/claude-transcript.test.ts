import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { recoverCost } from "./claude-transcript.ts";

const CWD = "/somewhere/repo-wt/signalbox/a.1.1";
const PLACE = "-somewhere-repo-wt-signalbox-a-1-1";

/** Lines as Claude Code 2.1.330 writes them. */
const reply = (id: string, output: number, model = "claude-opus-5-5"): string =>
  JSON.stringify({
    type: "assistant",
    message: {
      id,
      model,
      usage: { input_tokens: 1000, cache_read_input_tokens: 10_000, output_tokens: output },
    },
  });
const costState = (usd: number): string => JSON.stringify({ type: "cost-state", totalCostUSD: usd });

/** The folder of the program with one conversation `c`. */
function folderWith(lines: readonly string[], place = PLACE): string {
  const folder = mkdtempSync(path.join(tmpdir(), "sbx-transcript-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, "projects", place), { recursive: true });
  mkdirSync(path.join(folder, "projects", "-another"));
  writeFileSync(path.join(folder, "projects", place, "c.jsonl"), lines.join("\n"));
  return folder;
}

const conversation = { cwd: CWD, conversation: "c", costBefore: 0 };
/** 2000 tokens in at 5 USD for a million, 1000 out at 25. */
const EACH = 0.01 + 0.025;

describe("the cost of a run that was killed", () => {
  it("is guessed from the tokens of its replies, each counted once though it has a line per block", async () => {
    const folder = folderWith([reply("m1", 10), reply("m1", 1000), reply("m2", 1000), '{"type":"assist']);
    expect(await recoverCost(folder, conversation)).toEqual({
      costUsd: 2 * EACH,
      estimatedUsd: 2 * EACH,
      turns: 2,
    });
  });

  it("is only what came after the money that earlier runs of the conversation have told", async () => {
    const folder = folderWith([reply("m1", 1000), costState(0.4), reply("m2", 1000)]);
    expect(await recoverCost(folder, { ...conversation, costBefore: 0.4 })).toEqual({
      costUsd: EACH,
      estimatedUsd: EACH,
      turns: 1,
    });
  });

  it("is exact where the program ended well enough to write it down", async () => {
    const folder = folderWith([reply("m1", 1000), costState(0.4), reply("m2", 1000), costState(0.65)]);
    expect(await recoverCost(folder, { ...conversation, costBefore: 0.4 })).toEqual({
      costUsd: 0.25,
      estimatedUsd: 0,
      turns: 0,
    });
  });

  it("counts no reply that the program made up itself", async () => {
    const folder = folderWith([reply("m1", 1000, "<synthetic>")]);
    expect(await recoverCost(folder, conversation)).toMatchObject({ costUsd: 0 });
  });

  it("is found in whatever folder the conversation is kept, and unknown where there is none", async () => {
    const folder = folderWith([reply("m1", 1000)], "-cut-short-1a2b3c");
    expect(await recoverCost(folder, conversation)).toMatchObject({ costUsd: EACH });
    expect(await recoverCost(folder, { ...conversation, conversation: "d" })).toBeNull();
    expect(await recoverCost(path.join(folder, "missing"), conversation)).toBeNull();
  });
});
