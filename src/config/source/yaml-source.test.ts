// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the format has expressions of its own
import { describe, expect, it } from "vitest";
import { readYaml } from "./yaml-source.ts";

/** `line:column key: message` of every error. */
function errorsOf(text: string): readonly string[] {
  return readYaml(text, "f.yaml").errors.map(
    ({ line, column, key, message }) => `${line}:${column} ${key}: ${message}`,
  );
}

describe("values that lose text", () => {
  it("refuses a plain value that an unquoted # cuts off", () => {
    expect(errorsOf("brief: Fix #41, the login\n")).toEqual([
      '1:12 brief: "#41, the login" is lost: an unquoted # after a space starts a comment',
    ]);
  });

  it("refuses it where YAML stumbles over the rest as well, and says it once", () => {
    const errors = errorsOf("slots:\n  - brief: Fix #41: the login\n    id: login\n");
    expect(errors).toEqual([
      '2:16 slots[0].brief: "#41: the login" is lost: an unquoted # after a space starts a comment',
    ]);
  });

  it("refuses a value that is nothing but an unquoted #", () => {
    expect(errorsOf("brief: #41\n")).toHaveLength(1);
  });

  it("refuses one space before # behind several words", () => {
    expect(errorsOf("brief: Port it to C # today\n")).toHaveLength(1);
  });

  it.each([
    "loop: h14  # exactly three rounds\n",
    "loop: h14 # exactly three rounds\n",
    "brief: Two words  # a comment\n",
    "limits: # all of them\n  parallel: 2 # two\n",
    "# a comment\nbrief: |\n  Fix #41: the login\n",
    'brief: "Fix #41: the login" # quoted\n',
    "brief: C#\n",
  ])("takes a comment for a comment: %j", (text) => {
    expect(errorsOf(text)).toEqual([]);
  });
});

describe("values that fall apart", () => {
  it("refuses a flow value that split at a comma into a key of its own", () => {
    expect(errorsOf("a: { brief: Research, analysis, in: a }\n")).toEqual([
      '1:23 a.analysis: "analysis" stands after a comma inside { } and is read as a key of its own',
    ]);
  });

  it("accepts an empty value in a flow mapping when the colon is there", () => {
    expect(errorsOf("pipelines: { a: , b: }\n")).toEqual([]);
  });

  it("refuses a plain value with a colon inside, in better words than YAML", () => {
    expect(errorsOf("brief: Fix login: the form\n")).toEqual([
      "1:8 brief: a plain value with `: ` inside is read as a nested mapping",
    ]);
    expect(errorsOf("a: { brief: b: c }\n")[0]).toContain("a plain value with `: ` inside");
  });

  it("refuses a list item that is indented into the item above it", () => {
    expect(errorsOf("exit:\n  - first\n    - second\n")).toEqual([
      "3:5 exit[0]: this list item is indented too far and is read as part of the text above it",
    ]);
  });
});

describe("features of YAML that only surprise here", () => {
  it.each([
    ["an anchor", "a: &x 1\n", "the anchor &x is not supported"],
    ["an alias", "a: *x\n", "the unquoted *x is a YAML alias, not text"],
    [
      "a glob that is an alias by accident",
      "copy: [*.env]\n",
      "the unquoted *.env is a YAML alias, not text",
    ],
    ["a merge key", "<<: { a: 1 }\n", "the merge key << is not supported"],
    ["a tag", "a: !!str 1\n", "the tag !!str is not supported"],
    ["a list as a key", "? [a]\n: b\n", "a key is a list or a mapping"],
    ["a key that reaches for the prototype", "__proto__: { a: 1 }\n", "the key __proto__ is not allowed"],
    ["a directive", "%YAML 1.1\n---\na: yes\n", "the directive %YAML 1.1 is not supported"],
    ["a duplicate key", "a: 1\na: 2\n", "the same key stands twice in one mapping"],
    ["a tab", "a:\n\t- b\n", "a tab is used as indentation"],
    ["a second document", "a: 1\n---\nb: 2\n", "a second document starts here"],
    [
      "an unquoted expression in a flow mapping",
      "a: { b: ${{ inputs.n }} }\n",
      "an unquoted `${{ }}` cannot stand inside { } or [ ]",
    ],
    ["an open quote", "a: 'b\n", "not valid YAML: missing closing 'quote"],
    ["nothing", "", "the file is empty"],
    ["comments alone", "# nothing\n", "the file is empty"],
    ["a list at the root", "- a\n", "the file is not a mapping"],
    ["text at the root", "hello\n", "the file is not a mapping"],
  ])("refuses %s", (_, text, message) => {
    expect(readYaml(text, "f.yaml").errors.map((error) => error.message)).toEqual([message]);
  });

  it("reports nesting without an end as one error", () => {
    expect(errorsOf(`a: ${"[".repeat(20_000)}`)).toHaveLength(1);
  });
});

describe("places", () => {
  const source = readYaml("a: 1\nlist:\n  - x: 1\n    y:\n  - 2\nempty:\n", "f.yaml").source;
  const place = (path: (string | number)[], atKey = false) => {
    const found = source?.locate({ path, atKey, message: "" });
    return `${found?.line}:${found?.column}+${found?.length}`;
  };

  it("finds values and keys", () => {
    expect(place(["a"])).toBe("1:4+1");
    expect(place(["a"], true)).toBe("1:1+1");
    expect(place(["list", 0, "x"])).toBe("3:8+1");
    expect(place(["list", 1])).toBe("5:5+1");
  });

  it("finds an empty value at its key", () => {
    expect(place(["list", 0, "y"])).toBe("4:5+1");
    expect(place(["empty"])).toBe("6:1+5");
  });

  it("finds a missing key at the mapping that lacks it", () => {
    expect(place(["missing"])).toBe("1:1+1");
    expect(place(["list", 0, "z"])).toBe("3:5+1");
    expect(place(["empty", "below", "deeper"])).toBe("6:1+5");
  });
});
