/** What is wrong with what was typed, written or found: each says where, and the way out; nothing changes. One snapshot per family. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CliIo } from "../../src/cli/io.ts";
import { createOutput } from "../../src/cli/output/output.ts";
import { reportError } from "../../src/cli/output/report-error.ts";
import { aWorld, told, type World } from "./harness.ts";

const SLOT =
  "workflow: X\nchecks: [make]\nstages:\n  - phase: P\n    slots:\n      - id: a\n        brief: do a\n";

/** `name: what validate says`, without the source lines, for definitions that are each wrong in one way. */
async function validated(world: World, cases: Readonly<Record<string, string>>): Promise<string> {
  const told: string[] = [];
  for (const [name, text] of Object.entries(cases)) {
    await world.write("d.yaml", text);
    const { code, stdout, stderr } = await world.run("-C", world.root, "validate", "d.yaml");
    const words = `${stdout}${stderr}`.split("\n").filter((line) => /^d\.yaml:|= |^↳/.test(line));
    told.push([`${name} (exit ${code})`, ...words.map((line) => `  ${line.trim()}`)].join("\n"));
  }
  return told.join("\n");
}

/** Everything that git and the file system know of a repository. */
async function picture(world: World): Promise<string> {
  const parts = [
    ["for-each-ref"],
    ["status", "--porcelain", "--ignored"],
    ["worktree", "list", "--porcelain"],
    ["config", "--local", "--list"],
  ].map((args) => world.git(...args));
  return (await Promise.all(parts)).join("---\n");
}

describe("a definition", () => {
  it("that contradicts itself is refused at the place", async () => {
    const world = await aWorld();
    expect(
      await validated(world, {
        "unknown key": `${SLOT}        briff: x\n`,
        "wrong type": `limits: { parallel: many }\n${SLOT}`,
        "same key twice": `${SLOT}        brief: again\n`,
        "same id twice": `${SLOT}      - { id: a, brief: again }\n`,
        "same alias twice": `workflow: X\npipelines: { a: { alias: z }, b: { alias: z } }\nstages:\n  - phase: P\n    slots: [{ in: a, brief: x }, { in: b, brief: y }]\n`,
        "dangling reference": `${SLOT}        after: zz\n`,
        "reference to itself": `${SLOT}        after: a\n`,
        circle: `${SLOT}        after: b\n      - { id: b, brief: b, after: a }\n`,
        "weights that do not sum to 1": `rubric:\n  - { key: a, name: A, weight: 0.5 }\n  - { key: b, name: B, weight: 0.2 }\n${SLOT}`,
        "min above max": `loop: { min: 4, max: 2 }\n${SLOT}`,
        "unknown role": `${SLOT}        role: wizard\n`,
        "unknown adapter": `use: gpt\n${SLOT}`,
        "unknown program": `use: command:foo\n${SLOT}`,
      }),
    ).toMatchInlineSnapshot(`
      "unknown key (exit 2)
        d.yaml:8:9: unknown key \`briff\`
        = nearest: brief
      wrong type (exit 2)
        d.yaml:1:21: the text "many" does not fit \`parallel\`
        = expected: a whole number, at least 1
      same key twice (exit 2)
        d.yaml:8:9: the same key stands twice in one mapping
        = first: d.yaml:7:9
        = hint: Remove one of the two.
      same id twice (exit 2)
        d.yaml:8:15: the slot id a is used twice
        = first: d.yaml:6:13
      same alias twice (exit 2)
        d.yaml:2:43: the alias z is used twice
        = first: d.yaml:2:26
      dangling reference (exit 2)
        d.yaml:8:16: no slot of this phase is called "zz"
        = expected: the id, task or title of another slot of this phase
      reference to itself (exit 2)
        d.yaml:8:16: a slot cannot come after itself
      circle (exit 2)
        d.yaml:8:16: these slots wait for each other: a after b after a
      weights that do not sum to 1 (exit 2)
        d.yaml:2:3: the weights sum to 0.7
        = expected: weights that sum to 1
      min above max (exit 2)
        d.yaml:1:14: \`min\` 4 is above \`max\` 2
        = expected: min at most max
      unknown role (exit 2)
        d.yaml:8:15: there is no role \`wizard\`
        = expected: one of ps-researcher, ps-analyst, ps-architect, ps-critic,
      unknown adapter (exit 2)
        d.yaml:1:6: the text "gpt" does not fit \`use\`
        = expected: claude, claude-cli, simulated, acp:<name> or command:<name>
      unknown program (exit 2)
        d.yaml:1:6: no program \`foo\` is configured
        = expected: programs under \`commands\` in signalbox.yaml
        = hint: Declare it in signalbox.yaml: commands: { foo: [program, "{prompt_file}"] }."
    `);
  });

  it("that leads out of the repository is refused at the place", async () => {
    const world = await aWorld();
    expect(
      await validated(world, {
        "makes ..": `${SLOT}        role: ps-analyst\n        makes: ../../x\n`,
        "makes absolute": `${SLOT}        role: ps-analyst\n        makes: /etc/passwd\n`,
        "reads ..": `${SLOT}        reads: [../x]\n`,
        "reads absolute": `${SLOT}        reads: [/etc/passwd]\n`,
        "writes ..": `${SLOT}        writes: ["../**"]\n`,
        "copy ..": `provision: { copy: [../x] }\n${SLOT}`,
        "copy of .git": `provision: { copy: [.git/config] }\n${SLOT}`,
      }),
    ).toMatchInlineSnapshot(`
      "makes .. (exit 2)
        d.yaml:9:16: "../../x" leaves the workflow folder
        = expected: an artifact type such as research, a path below the workflow
      makes absolute (exit 2)
        d.yaml:9:16: "/etc/passwd" is absolute
        = expected: an artifact type such as research, a path below the workflow
      reads .. (exit 2)
        d.yaml:8:17: "../x" leaves the repository
        = expected: a path inside the repository, with / between folders
      reads absolute (exit 2)
        d.yaml:8:17: "/etc/passwd" is absolute
        = expected: a path inside the repository, with / between folders
      writes .. (exit 2)
        d.yaml:8:18: "../**" leaves the repository
        = expected: a glob inside the repository, such as src/**
      copy .. (exit 2)
        d.yaml:1:21: "../x" leaves the repository
        = expected: a glob inside the repository, such as src/**
      copy of .git (exit 2)
        d.yaml:1:21: ".git/config" reaches into .git
        = expected: a glob inside the repository, such as src/**"
    `);
  });

  it("that is no definition is refused at the place", async () => {
    const world = await aWorld();
    expect(
      await validated(world, {
        empty: "",
        "a list": "- a\n",
        "a word": "hello\n",
        "half a list": "workflow: [x\n",
        "a tab": "workflow: X\n\tstages: 1\n",
        "two documents": `${SLOT}---\nworkflow: Y\n`,
        "text lost behind a hash": `workflow: X\nstages:\n  - phase: P\n    slots:\n      - id: a\n        brief: Fix #41 at once\n`,
        "escape sequences": "\u001b[2Jkey: 1\n",
      }),
    ).toMatchInlineSnapshot(`
      "empty (exit 2)
        d.yaml:1:1: the file is empty
        = expected: lines of the form \`key: value\`
      a list (exit 2)
        d.yaml:1:1: the file is not a mapping
        = expected: lines of the form \`key: value\`
      a word (exit 2)
        d.yaml:1:1: the file is not a mapping
        = expected: lines of the form \`key: value\`
      half a list (exit 2)
        d.yaml:2:1: not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]
      a tab (exit 2)
        d.yaml:2:1: a tab is used as indentation
        = hint: Indent with spaces.
      two documents (exit 2)
        d.yaml:8:1: a second document starts here
        = hint: Keep one document in a file.
      text lost behind a hash (exit 2)
        d.yaml:6:20: "#41 at once" is lost: an unquoted # after a space starts a comment
        = hint: Quote the whole value: "Fix #41 at once". A real comment has two spaces before the # and one after it.
      escape sequences (exit 2)
        d.yaml:1:1: \`workflow\` is missing
        = expected: text on one line
        d.yaml:1:1: \`stages\` is missing
        = expected: a list of mappings
        d.yaml:1:1: unknown key \`�[2Jkey\`
        = expected: one of workflow, slug, id, project, goal, parent, criticality,"
    `);
  });

  it("may have a byte order mark, Windows line ends, and a name like an option", async () => {
    const world = await aWorld();
    await world.write("bom.yaml", `\ufeff${SLOT}`);
    await world.write("crlf.yaml", SLOT.replaceAll("\n", "\r\n"));
    await world.write("--help.yaml", SLOT);
    for (const args of [["bom.yaml"], ["crlf.yaml"], ["--", "--help.yaml"]])
      expect((await world.run("-C", world.root, "validate", ...args)).code).toBe(0);
  });

  it("that is not there, or a folder, is refused by name", async () => {
    const world = await aWorld();
    await mkdir(join(world.root, "folder"));
    expect(told(await world.run("-C", world.root, "run", "nope.yaml"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ The definition nope.yaml is not there
      ↳ Scaffold one: signalbox init"
    `);
    expect(told(await world.run("-C", world.root, "run", "folder"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ folder is a folder, not a definition
      ↳ No file in it ends in .yaml or .yml"
    `);
  });
});

describe("a repository that cannot carry a workflow", () => {
  it("is refused with the command that mends it, and not changed", async () => {
    const world = await aWorld();
    await world.write("d.yaml", SLOT);
    const plain = join(world.root, "..", "plain");
    const unborn = join(world.root, "..", "unborn");
    await mkdir(plain);
    await world.git("init", "-q", "-b", "main", unborn);
    expect(told(await world.run("-C", plain, "run", "d.yaml"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ <folder>/plain is not inside a git repository
      ↳ To make one, run: git init && git add -A && git commit --allow-empty -m 'First commit'"
    `);
    expect(told(await world.run("-C", unborn, "run", "d.yaml"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ <folder>/unborn has no commit yet, so there is nothing to start from
      ↳ To make the first one, run: git commit --allow-empty -m 'First commit'"
    `);
    expect(told(await world.run("-C", join(world.root, "gone"), "ps"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ <folder>/shop/gone is not a folder"
    `);
    await world.git("branch", "signalbox");
    const before = await picture(world);
    expect(told(await world.run("-C", world.root, "run", "d.yaml"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ The branch signalbox makes every branch below signalbox/ impossible
      ↳ To free the name, run: git branch -m signalbox signalbox-old"
    `);
    expect(await picture(world)).toBe(before);
  });

  it("is refused where git is too old", async () => {
    const world = await aWorld();
    const bin = join(world.root, "..", "bin");
    await mkdir(bin);
    await writeFile(join(bin, "git"), "#!/bin/sh\necho git version 2.30.1\n", { mode: 0o755 });
    const env = { ...world.env, PATH: `${bin}:${world.env.PATH}` };
    expect(told(await world.runWith({ env, cwd: world.root }, "ps"))).toMatchInlineSnapshot(`
      "exit 1
      --- stderr
      ✗ git version 2.30.1 is too old, git 2.38 or later is needed
      ↳ To see which git is found first, run: command -v git"
    `);
  });

  it("works without a branch, and lands nowhere by itself", async () => {
    const world = await aWorld();
    await world.write("d.yaml", SLOT);
    await world.git("checkout", "-q", "--detach");
    const { code, stdout } = await world.run("-C", world.root, "plan", "d.yaml", "--json");
    expect([code, JSON.parse(stdout).base]).toMatchObject([0, { branch: null, target: null }]);
  });
});

describe("configuration that is not committed", () => {
  it("is left out by plan, which says so", async () => {
    const world = await aWorld();
    await world.write("d.yaml", SLOT);
    await world.write("signalbox.yaml", "nonsense: 1\n");
    const { code, stderr } = await world.run("-C", world.root, "plan", "d.yaml");
    expect([code, stderr]).toMatchInlineSnapshot(`
      [
        0,
        "! signalbox.yaml has changes that are not committed; they do not count until they are
      ",
      ]
    `);
  });
});

describe("init", () => {
  it("names exactly what it wrote for the commit, and nothing the second time", async () => {
    const world = await aWorld();
    const hints = async (): Promise<readonly string[]> =>
      (await world.run("-C", world.root, "init")).stderr
        .split("\n")
        .filter((line) => line.includes("git add"));
    expect(await hints()).toMatchInlineSnapshot(`
      [
        "↳ Commit them, workflows read configuration from their base: git add workflows signalbox.yaml .signalbox && git commit -m "Configure signalbox"",
      ]
    `);
    expect(await hints()).toEqual([]);
  });
});

describe("a journal that cannot be read", () => {
  it("is named by ps, which claims nothing about there being no workflow", async () => {
    const world = await aWorld();
    await world.write(".git/signalbox/x-20260220-001/journal.jsonl", '{"v":99,"seq":1}\n{"v":1}\n');
    expect(told(await world.run("-C", world.root, "ps"))).toMatchInlineSnapshot(`
      "exit 0
      --- stderr
      ! x-20260220-001 cannot be read: <folder>/shop/.git/signalbox/x-20260220-001/journal.jsonl:1 was written by a newer version (line format 99, this version reads up to 1)"
    `);
  });
});

describe("a repository in which nothing can be written", () => {
  it("is no defect of the program: the folder is named, and where to look", async () => {
    const world = await aWorld();
    await world.write("d.yaml", SLOT);
    await world.write(".git/signalbox", "a file where a folder is needed");
    expect(
      (await world.run("-C", world.root, "run", "d.yaml", "--use", "simulated")).stderr.split("\n\n")[1],
    ).toMatchInlineSnapshot(`
        "✗ Nothing can be written in <folder>/shop/.git/signalbox: EEXIST: file already exists, mkdir '<folder>/shop/.git/signalbox'
        ↳ It must be writable and have space. To look, run: ls -ld '<folder>/shop/.git/signalbox' && df '<folder>/shop/.git'
        "
      `);
  });
});

describe("what the operating system refuses", () => {
  it.each(["ENOSPC", "EROFS", "EACCES"])("is told as such: %s", (code) => {
    const said: string[] = [];
    const sink = { write: (text: string) => void said.push(text), isTTY: false };
    const io = { stdout: sink, stderr: sink, env: {} } as unknown as CliIo;
    const error = Object.assign(new Error(`${code}: write '/x/journal.jsonl'`), { code });
    expect(reportError(error, createOutput(io, "never"), false)).toBe(1);
    expect(said.join("")).toContain(`✗ ${code}: write '/x/journal.jsonl'`);
    expect(said.join("")).not.toContain("defect");
  });
});
