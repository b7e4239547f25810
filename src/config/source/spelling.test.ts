import { describe, expect, it } from "vitest";
import { nearest } from "./spelling.ts";

describe("nearest spelling", () => {
  const keys = ["workflow", "stages", "brief", "brief_file", "use"];

  it.each([
    ["worfklow", "workflow"],
    ["stage", "stages"],
    ["Brief", "brief"],
    ["briefFile", "brief_file"],
    ["uses", "use"],
  ])("of %s is %s", (word, expected) => {
    expect(nearest(word, keys)).toBe(expected);
  });

  it("is nothing where no word is near", () => {
    expect(nearest("colour", keys)).toBeUndefined();
    expect(nearest("xyz", [])).toBeUndefined();
  });

  it("does not take one letter for another", () => {
    expect(nearest("d", ["a", "b"])).toBeUndefined();
    expect(nearest("A", ["a", "b"])).toBe("a");
  });
});
