import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { THREE } from "../../../test/builders/worlds.ts";
import { openRepository } from "../../adapters/git/index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "../../adapters/git/testing/temp-repository.ts";
import { openJournalStore } from "../../adapters/journal/jsonl.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { Context } from "../context.ts";
import { createOutput } from "../output/output.ts";
import { secretFilesText, settleSecretFiles } from "./secret-files.ts";

let repo: TempRepository;
beforeEach(async () => {
  repo = await tempRepository();
  for (const path of [".env", ".env.local", "apps/web/.env"]) await repo.write(path, "TOKEN=hunter2-secret");
});
afterEach(() => repo.remove());

const sink = { write: () => {}, isTTY: false };
function aContext(canAsk: boolean): Context {
  const io: Context["io"] = {
    cwd: repo.root,
    env: { ...TEST_ENV, XDG_CONFIG_HOME: "/nonexistent" },
    stdout: sink,
    stderr: sink,
    interactive: canAsk,
    now: () => Date.parse("2026-03-01T10:00:00Z"),
    onInterrupt: () => () => {},
    self: [],
    user: "ada",
  };
  return { io, output: createOutput(io, "never"), json: false, canAsk, version: "test", verbs: [] };
}

/** Settles with a person who gives this answer, and what was asked. */
async function settled(copy: readonly string[], answer: boolean | null, yes = false) {
  const repository = await openRepository(repo.root, { env: TEST_ENV });
  const base = { ...THREE.base, commit: (await repository.head()).commit ?? "" };
  const provision = { copy, link: [], run: [], timeoutMs: 1 };
  const plan: Plan = { ...THREE, base, settings: { ...THREE.settings, provision } };
  const asked: string[] = [];
  const { commonDir } = repository;
  const project = { commonDir, repository, store: openJournalStore(commonDir) };
  const files = await settleSecretFiles(
    aContext(answer !== null),
    project,
    plan,
    yes,
    async (_, question) => {
      asked.push(question);
      return answer === true;
    },
  );
  return { files, asked };
}

describe("files with secrets before a start", () => {
  it("are asked about once, and the answer counts from then on", async () => {
    const first = await settled([".env*"], true);
    expect(first.asked).toEqual([
      "Copy .env, .env.local into the worktrees? Agents and what they start can read them.",
    ]);
    expect(first.files).toEqual({ copied: [".env", ".env.local"], open: [], refused: [] });
    const second = await settled([".env*", "apps"], false);
    expect(second.asked).toEqual([
      "Copy apps/web/.env into the worktrees? Agents and what they start can read it.",
    ]);
    expect(second.files).toMatchObject({ refused: ["apps/web/.env"] });
    expect((await settled([".env*", "apps"], null)).files).toEqual(second.files);
  });

  it("are not copied where nobody can be asked or `--yes` was typed, and the way to allow it is told", async () => {
    const quiet = await settled([".env"], null);
    expect(quiet.files).toMatchObject({ open: [".env"] });
    expect((await settled([".env"], true, true)).asked).toEqual([]);
    expect(secretFilesText(quiet.files)).toBe(
      ".env not copied; to allow it, write `provision: { copy: [.env] }` into signalbox.yaml and commit it",
    );
  });

  it("need no question where the committed configuration names them, nor where the base has them", async () => {
    await repo.commit({
      ".env.local": "PUBLIC=1",
      "signalbox.yaml": "provision: { copy: [.env] }\n",
      ".gitignore": ".env\n",
    });
    const { files, asked } = await settled([".env*"], false);
    expect(asked).toEqual([]);
    expect(files).toEqual({ copied: [".env"], open: [], refused: [] });
    expect(secretFilesText(files)).toBe(".env copied from the checkout");
  });

  it("are not looked for where nothing is copied", async () => {
    expect(secretFilesText((await settled([], true)).files)).toBeNull();
  });
});
