import { expect, test } from "vitest";
import { type Changes, changesOf, touching } from "./touching.ts";

const changed = (...paths: string[]): Changes =>
  changesOf(
    paths.map((path) => ({ path, change: "changed" as const })),
    [],
  );
const added = (...paths: string[]): Changes =>
  changesOf(
    paths.map((path) => ({ path, change: "added" as const })),
    [],
  );
const renamedFolder = (from: string, to: string, ...files: string[]): Changes =>
  changesOf(
    files.flatMap((file) => [
      { path: `${from}/${file}`, change: "deleted" as const },
      { path: `${to}/${file}`, change: "added" as const },
    ]),
    [from],
  );

test("changes of other files do not meet", () => {
  expect(touching(changed("a", "b/c"), changed("b/d", "e"))).toEqual([]);
});

test("the same file meets, whatever was done to it", () => {
  expect(touching(changed("a", "b"), added("b", "c"))).toEqual(["b"]);
});

test("a file meets what the other one has below a folder of that name, from both sides", () => {
  expect(touching(added("w"), added("w/x/y"))).toEqual(["w"]);
  expect(touching(added("w/x/y", "other", "more"), added("w"))).toEqual(["w"]);
});

test("a name that only begins alike is no folder", () => {
  expect(touching(added("w"), added("w-x/y"))).toEqual([]);
});

test("a file that is added below a folder that went elsewhere meets it, from both sides", () => {
  const renamed = renamedFolder("src", "lib", "a");
  expect(touching(renamed, added("src/deep/new"))).toEqual(["src/deep/new"]);
  expect(touching(added("src/deep/new"), renamed)).toEqual(["src/deep/new"]);
});

test("a folder that is gone without anything new has not been renamed", () => {
  const gone = changesOf([{ path: "src/a", change: "deleted" }], ["src"]);
  expect(touching(gone, added("src/new"))).toEqual([]);
});
