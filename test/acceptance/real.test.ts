/** Both documented workflows, cut down, on the real Claude Code against a scripted model: the session host is a process of its own, as in the product. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { realClaudeMissing } from "../support/real-claude.ts";
import { type BuiltProduct, buildProduct } from "./built-product.ts";
import { play } from "./play.ts";
import { EN108_SHORT, MULTI_INSTANCE_SHORT } from "./stories.ts";

const LIMIT_MS = 600_000;

describe.skipIf(realClaudeMissing() !== null)("real Claude Code", { timeout: 2 * LIMIT_MS }, () => {
  let built: BuiltProduct & { remove(): void };
  beforeAll(async () => {
    built = await buildProduct();
  });
  afterAll(() => built.remove());

  it.each([
    ["claude-cli", EN108_SHORT],
    ["claude", MULTI_INSTANCE_SHORT],
  ] as const)(
    "through %s ends a workflow to which much happens and leaves nothing behind",
    async (agent, story) => {
      const played = await play(story, { agent, built, limitMs: LIMIT_MS });
      expect(played.problems).toEqual([]);
      expect(played.occurred.size).toBeGreaterThanOrEqual(story.shows.length);
    },
  );
});
