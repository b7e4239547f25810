/** P6: what a session's own calls name is found; what the user does at the same time is never called a trespass. */
import { describe, expect, it } from "vitest";
import type { Surroundings, Trespass } from "./surroundings.ts";
import { trespasses } from "./trespasses.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);
const CWD = "/home/ana/shop-wt/signalbox/w/slot.1.1";

const BEFORE: Surroundings = {
  root: "/home/ana/shop",
  commonDir: "/home/ana/shop/.git",
  branch: "main",
  commit: A,
  files: { "notes.md": "M 1" },
  refs: { "refs/heads/main": A, "refs/heads/feature": A, "refs/tags/v1": A, "refs/remotes/origin/main": A },
  settings: { "core.bare": "false", "filter.lfs.clean": "git-lfs clean", "remote.origin.url": "https://x" },
  gitFiles: { "info/attributes": "*.png filter=lfs\n" },
};

/** One call: a command line, or a tool and its target. */
function found(
  after: Partial<Surroundings>,
  ...calls: readonly (string | readonly [string, string])[]
): readonly Trespass[] {
  const told = calls.map((it) =>
    typeof it === "string" ? { tool: "Bash", target: it } : { tool: it[0], target: it[1] },
  );
  return trespasses(BEFORE, { ...BEFORE, ...after }, CWD, told);
}
const names = (list: readonly Trespass[]): readonly string[] =>
  list.map(({ kind, name }) => `${kind} ${name}`);
const changedNotes = { files: { "notes.md": "M 2" } };
const refs = (changes: Readonly<Record<string, string | null>>): Partial<Surroundings> => ({
  refs: Object.fromEntries(
    Object.entries({ ...BEFORE.refs, ...changes }).flatMap(([ref, id]) => (id === null ? [] : [[ref, id]])),
  ),
});

describe("a file of the main checkout", () => {
  it.each([
    ["echo x > /home/ana/shop/notes.md"],
    ["cd ../../../../shop && echo x >> notes.md"],
    ["tee /home/ana/shop/notes.md < in"],
    ["sed -i s/a/b/ /home/ana/shop/notes.md"],
    ["rm -rf /home/ana/shop/*"],
    ["cp x/notes.md /home/ana/shop"],
    ["mv /home/ana/shop/notes.md ."],
    ["dd if=/dev/zero of=/home/ana/shop/notes.md"],
    ["python3 -c \"open('/home/ana/shop/notes.md','w')\""],
    ["bash -c 'truncate -s 0 /home/ana/shop/notes.md'"],
    [["Write", "/home/ana/shop/notes.md"]],
    [["Edit", "../../../../shop/notes.md"]],
  ] as const)("that changed is a trespass of %j", (call) => {
    expect(names(found(changedNotes, call))).toEqual(["file notes.md"]);
  });

  it.each([
    ["cat /home/ana/shop/notes.md"],
    ["cd /home/ana/shop && ls && git log -- notes.md && git diff notes.md"],
    ["cp /home/ana/shop/notes.md ."],
    ["sed s/a/b/ /home/ana/shop/notes.md > mine.md"],
    ["find /home/ana/shop -name '*.md'"],
    ["echo x > notes.md"],
    ["cat > plan.sh <<EOF\nrm /home/ana/shop/notes.md\nEOF"],
    ["npm test"],
    [["Read", "/home/ana/shop/notes.md"]],
    [["Write", `${CWD}/notes.md`]],
  ] as const)("that the user changed meanwhile is none of %j", (call) => {
    expect(found(changedNotes, call)).toEqual([]);
  });

  it("that did not change is none, whatever the session says", () => {
    expect(found({}, "rm -rf /home/ana/shop", ["Write", "/home/ana/shop/notes.md"])).toEqual([]);
  });

  it("that is new, or clean now, counts as changed", () => {
    expect(names(found({ files: {} }, "rm /home/ana/shop/notes.md"))).toEqual(["file notes.md"]);
    expect(
      names(found({ files: { ...BEFORE.files, "new/x": "?" } }, "mkdir x; touch /home/ana/shop/new/x")),
    ).toEqual(["file new/x"]);
  });
});

describe("git in the main checkout", () => {
  it("is named with what is not as before, and where it stood", () => {
    const after = { files: {}, commit: B, ...refs({ "refs/heads/main": B }) };
    const [file, ref] = found(after, "git -C /home/ana/shop commit -am wip");
    expect(file).toMatchObject({ kind: "checkout", name: "git commit", lost: A });
    expect(file?.evidence).toContain(
      "git commit -am wip in the main checkout, which stood at aaaaaaaaaaaa of main",
    );
    expect(file?.evidence).toContain("not as before: notes.md");
    expect(ref).toMatchObject({ kind: "ref", name: "main", lost: A });
  });

  it("is nothing when it ran in the session's own worktree, or changed nothing", () => {
    const moved = { commit: B, ...refs({ "refs/heads/main": B }) };
    expect(
      found(
        { ...moved, files: {} },
        "git commit -am wip",
        "git reset --hard",
        "git merge main",
        "git log main",
      ),
    ).toEqual([]);
    expect(found({}, "git -C /home/ana/shop stash")).toEqual([]);
  });
});

describe("a ref", () => {
  it.each([
    ["git branch -D feature", { "refs/heads/feature": null }, "feature", `git branch feature ${A}`],
    [
      "git branch -f feature HEAD",
      { "refs/heads/feature": B },
      "feature",
      `git update-ref refs/heads/feature ${A} ${B}`,
    ],
    ["git update-ref refs/heads/feature HEAD~1", { "refs/heads/feature": B }, "feature", "update-ref"],
    ["git fetch . HEAD:feature", { "refs/heads/feature": B }, "feature", "update-ref"],
    ["git switch feature && git commit -m x", { "refs/heads/feature": B }, "feature", "update-ref"],
    ["git tag -d v1", { "refs/tags/v1": null }, "v1", `git tag v1 ${A}`],
    ["git stash", { "refs/stash": B }, "stash", "git stash list"],
    ["git push origin HEAD:main", { "refs/remotes/origin/main": B }, "origin/main", "what was pushed"],
    [`git replace ${A} ${B}`, { [`refs/replace/${A}`]: B }, `refs/replace/${A}`, "update-ref -d"],
  ] as const)("changed by %s is told with the way back", (call, change, name, way) => {
    const [only, ...others] = found(refs(change), call);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ kind: "ref", name, action: expect.stringContaining(way) });
  });

  it.each([
    ["git log feature; git diff feature...; git merge feature; git rebase feature"],
    ["git checkout feature -- src; git switch -"],
    ["git branch --list feature"],
    ["git commit -m feature"],
    ["git fetch origin feature"],
  ])("that moved while the session only read it is the user's: %s", (call) => {
    expect(found(refs({ "refs/heads/feature": B, "refs/remotes/origin/main": B }), call)).toEqual([]);
  });

  it("that is new takes nothing from anybody", () => {
    expect(found(refs({ "refs/heads/mine": B }), "git checkout -b mine && git commit -m x")).toEqual([]);
  });
});

describe("a setting of git", () => {
  const settings = (changes: Readonly<Record<string, string>>) => ({
    settings: { ...BEFORE.settings, ...changes },
  });

  it("that starts a program is told whoever set it, and who can be known", () => {
    const evil = settings({ "filter.evil.clean": "sh -c x" });
    expect(found(evil, "git config filter.evil.clean 'sh -c x'")).toMatchObject([
      { kind: "setting", name: "filter.evil.clean", named: true, before: null, now: "sh -c x" },
    ]);
    expect(found(evil)).toMatchObject([
      { named: false, evidence: expect.stringContaining("somebody changed") },
    ]);
    expect(found(settings({ "filter.lfs.clean": "evil" }))[0]?.action).toContain(
      "git config --replace-all filter.lfs.clean 'git-lfs clean'",
    );
    expect(found(settings({ "core.hookspath": ".husky" }), "npm install")).toMatchObject([{ named: false }]);
  });

  it("that starts none is told only where the session names it, without a value that may be secret", () => {
    const moved = settings({ "remote.origin.url": "https://token@evil" });
    expect(found(moved)).toEqual([]);
    const [told] = found(moved, "git remote set-url origin https://token@evil");
    expect(told).toMatchObject({ name: "remote.origin.url", named: true });
    expect(`${told?.evidence}${told?.action}`).not.toContain("token");
    expect(found(settings({ "user.name": "x" }), "git config user.name x")).toMatchObject([
      { name: "user.name" },
    ]);
    expect(
      found(settings({ "user.name": "x" }), "echo '[user]' >> /home/ana/shop/.git/config"),
    ).toMatchObject([{ named: true }]);
  });
});

it("tells hooks and git's own files, named or not", () => {
  const hook = { gitFiles: { ...BEFORE.gitFiles, "hooks/pre-commit": "#!/bin/sh\n" } };
  expect(found(hook, ["Write", "/home/ana/shop/.git/hooks/pre-commit"])).toMatchObject([
    { kind: "git-file", name: "hooks/pre-commit", named: true, before: null, now: "#!/bin/sh\n" },
  ]);
  expect(found({ gitFiles: {} })).toMatchObject([{ name: "info/attributes", named: false }]);
});

it("names no path of this machine", () => {
  const told = found({ files: {}, commit: B }, "git -C /home/ana/shop checkout /home/ana/shop/notes.md");
  expect(JSON.stringify(told)).not.toContain("/home/ana");
});
