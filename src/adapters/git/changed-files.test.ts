import { chmod, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ChangedFile } from "../../core/workflow/outcome.ts";
import { openRepository } from "./index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "./testing/temp-repository.ts";

let repo: TempRepository;
beforeEach(async () => {
  repo = await tempRepository();
});
afterEach(() => repo.remove());

async function changes(
  before: Record<string, string>,
  change: () => Promise<void>,
): Promise<readonly ChangedFile[]> {
  const base = await repo.commit(before);
  await change();
  const commit = await repo.commit({});
  return (await openRepository(repo.root, { env: TEST_ENV })).changedFiles(base, commit);
}

it("tells added, modified, deleted, renamed and type changes apart, with odd names", async () => {
  const long = Array.from({ length: 20 }, (_, line) => `line ${line}`).join("\n");
  const found = await changes(
    { "mod.txt": "1", "del.txt": "x y z", "old name.txt": long, "type.txt": "t" },
    async () => {
      await repo.write("add\tü.txt", "new");
      await repo.write("mod.txt", "2");
      await rm(join(repo.root, "del.txt"));
      await repo.git(["mv", "old name.txt", "new name.txt"]);
      await rm(join(repo.root, "type.txt"));
      await symlink("mod.txt", join(repo.root, "type.txt"));
    },
  );
  expect([...found].sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: "add\tü.txt", change: "added" },
    { path: "del.txt", change: "deleted" },
    { path: "mod.txt", change: "modified" },
    { path: "new name.txt", change: "renamed", from: "old name.txt" },
    { path: "type.txt", change: "type" },
  ]);
});

it("reports a change of the mode bits as modified", async () => {
  const found = await changes({ "run.sh": "x" }, () => chmod(join(repo.root, "run.sh"), 0o755));
  expect(found).toEqual([{ path: "run.sh", change: "modified" }]);
});

it("reports an embedded repository as a submodule", async () => {
  const found = await changes({}, async () => {
    await repo.git(["clone", "-q", repo.root, "inner"]);
  });
  expect(found).toEqual([{ path: "inner", change: "submodule" }]);
});

it("protects deleted, moved and skipped tests", async () => {
  const body = "test('a', () => {\n  expect(1).toBe(1);\n});\n";
  const before = {
    "src/a.test.ts": body,
    "src/b.test.ts": `${body}// b\n`,
    "src/c.test.ts": `${body}// c c c\n`,
  };
  const found = await changes(before, async () => {
    await rm(join(repo.root, "src/a.test.ts"));
    await repo.git(["mv", "src/b.test.ts", "src/b.ts"]);
    await repo.write("src/c.test.ts", `${body.replace("test(", "test.skip(")}// c c c\n`);
  });
  expect(found.map(({ path, protected: reason, protectedLine }) => [path, reason, protectedLine])).toEqual([
    ["src/a.test.ts", "deletes a test", undefined],
    ["src/b.ts", "moves a test away (from src/b.test.ts)", undefined],
    ["src/c.test.ts", "skips a test", 1],
  ]);
});

it("protects package.json when its scripts change and not when another key does", async () => {
  const manifest = (scripts: object, version = "1") => JSON.stringify({ version, scripts });
  const before = {
    "package.json": manifest({ test: "vitest" }),
    "web/package.json": manifest({ test: "vitest" }),
  };
  const found = await changes(before, async () => {
    await repo.write("package.json", manifest({ test: "true" }));
    await repo.write("web/package.json", manifest({ test: "vitest" }, "2"));
  });
  expect(found).toEqual([
    { path: "package.json", change: "modified", protected: "changes the script test" },
    { path: "web/package.json", change: "modified" },
  ]);
});

it("marks a changed decision record that was accepted on the base", async () => {
  const before = {
    "docs/decisions/0001.md": "# One\n\nStatus: Accepted\n",
    "docs/decisions/0002.md": "# Two\n\nStatus: Proposed\n",
  };
  const found = await changes(before, async () => {
    await repo.write("docs/decisions/0001.md", "# One\n\nStatus: Proposed\n");
    await repo.write("docs/decisions/0002.md", "# Two\n\nStatus: Accepted\n");
  });
  expect(found).toEqual([
    { path: "docs/decisions/0001.md", change: "modified", baselined: true },
    { path: "docs/decisions/0002.md", change: "modified" },
  ]);
});
