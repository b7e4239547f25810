import { describe, expect, it } from "vitest";
import { isWithin, resolvePath } from "./path.ts";
import { gitCall, simpleCommands } from "./shell.ts";

const CWD = "/wt/a";
const told = (text: string): readonly string[] =>
  simpleCommands(text, CWD).map(({ folder, words }) => `${folder}: ${words.join(" ")}`);

describe("a command line", () => {
  it.each([
    ["git push", ["/wt/a: git push"]],
    [
      "cd ../shop && echo x > 'my notes.md'; ls",
      ["/wt/a: cd ../shop", "/wt/shop: echo x my notes.md", "/wt/shop: ls"],
    ],
    ['FOO=1 sudo rm -rf "/a b"/c', ["/wt/a: rm -rf /a b/c"]],
    ["echo a\\ b | tee out.txt", ["/wt/a: echo a b", "/wt/a: tee out.txt"]],
    [
      "bash -lc 'cd /shop && git stash'",
      ["/wt/a: bash -lc cd /shop && git stash", "/wt/a: cd /shop", "/shop: git stash"],
    ],
    ['echo "$(git -C /shop reset --hard)"', ["/wt/a: echo $(git -C /shop reset --hard)"]],
    ["x=$(git branch -D main)", ["/wt/a: git branch -D main"]],
    ["for f in a b; do rm $f; done", ["/wt/a: for f in a b", "/wt/a: rm $f", "/wt/a: done"]],
    ["printf '%s' it\\'s", ["/wt/a: printf %s it's"]],
    ["echo 'never closed", ["/wt/a: echo never closed"]],
    ["", []],
  ])("is taken apart: %s", (text, commands) => {
    expect(told(text)).toEqual(commands);
  });

  it("does not take the content of a here-document for commands", () => {
    const text = "cat > plan.md <<'EOF'\ngit push --force\nrm -rf /shop\nEOF\necho done";
    expect(told(text)).toEqual(["/wt/a: cat plan.md", "/wt/a: echo done"]);
    expect(told("cat <<EOF\ngit push")).toEqual(["/wt/a: cat"]);
  });
});

it("knows the files that output goes into", () => {
  const outputs = (text: string) => simpleCommands(text, CWD).map((it) => it.outputs);
  expect(outputs("echo a >x 2>>err.log <in; make &>all.log; ls 2>&1 | tee y")).toEqual([
    ["x", "err.log"],
    ["all.log"],
    [],
    [],
  ]);
});

describe("a call of git", () => {
  const call = (text: string) => simpleCommands(text, CWD).flatMap((it) => gitCall(it) ?? []);
  it.each([
    ["git -C /shop -c a=b stash push -u", "/shop", "stash", ["push", "-u"]],
    ["/usr/bin/git --no-pager branch -D main", CWD, "branch", ["-D", "main"]],
    ["git --git-dir=/shop/.git --work-tree /shop reset --hard", "/shop", "reset", ["--hard"]],
    ["git --git-dir ../b/.git status", "/wt/b", "status", []],
  ])("%s", (text, folder, verb, args) => {
    expect(call(text)).toEqual([{ folder, verb, args }]);
  });

  it("is none where git only is a word", () => {
    expect(call("echo git push; cat .git/config; gitk")).toEqual([]);
    expect(call("git --version")).toEqual([]);
  });
});

it("resolves paths as text", () => {
  expect(resolvePath("/wt/a", "../../shop/./src/")).toBe("/shop/src");
  expect(resolvePath("/wt", "../../../..")).toBe("/");
  expect([isWithin("/shop", "/shop"), isWithin("/shop", "/shop/a"), isWithin("/shop", "/shopping")]).toEqual([
    true,
    true,
    false,
  ]);
  expect(isWithin("/", "/x")).toBe(true);
});
