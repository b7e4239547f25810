/** Documents and code say the same. What fails here is either a document that is out of date or a rule of the house that was broken. */
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { LINE_FORMAT } from "../src/adapters/journal/line.ts";
import { VERBS } from "../src/cli/catalogue/index.ts";
import { EXIT_MEANINGS } from "../src/cli/output/exit-code.ts";
import { DEFAULTS } from "../src/config/settings/defaults.ts";
import { SWITCHES } from "../src/config/settings/switches.ts";
import {
  anchors,
  codeLines,
  codeSpans,
  links,
  projectFile,
  projectFiles,
  projectFolders,
  sections,
} from "./support/markdown.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const DOCUMENTS = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...projectFiles("docs", ".md"),
  ...projectFiles("plugin", ".md"),
];
const GUIDE = projectFiles("docs/guide", ".md");
const SOURCES = projectFiles("src", ".ts").filter((path) => !path.endsWith(".test.ts"));

describe("documents", () => {
  it("link only to files that are there, and to headings in them", () => {
    const broken = DOCUMENTS.flatMap((path) =>
      links(projectFile(path))
        .filter(({ target }) => !/^[a-z]+:/.test(target) && !resolves(path, target))
        .map(({ target }) => `${path}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it("name no path of a machine", () => {
    const found = DOCUMENTS.filter((path) =>
      /(?:^|[\s"'`(])\/(?:home|Users|root|work|tmp|private)\//m.test(projectFile(path)),
    );
    expect(found).toEqual([]);
  });

  it("have a section for the version of the package in the changelog", () => {
    const { version } = JSON.parse(projectFile("package.json")) as { readonly version: string };
    expect(sections(projectFile("CHANGELOG.md")).map(({ title }) => title.split(" ")[0])).toContain(version);
  });

  it("state every promise with a test that holds it", () => {
    const rows =
      sections(projectFile("README.md")).find(({ title }) => title === "What it promises")?.rows ?? [];
    expect(rows.map(([promise = ""]) => /\*\*(P\d)\*\*/.exec(promise)?.[1])).toEqual([
      "P1",
      "P2",
      "P3",
      "P4",
      "P5",
      "P6",
      "P7",
      "P8",
    ]);
    for (const [promise, , tests = ""] of rows)
      expect(
        links(tests).every(({ target }) => target.endsWith(".test.ts")) && links(tests).length > 0,
        promise,
      ).toBe(true);
  });
});

describe("the guide to the command line", () => {
  const typed = DOCUMENTS.flatMap((path) => typedCommands(path));

  it("names every verb", () => {
    const named = new Set(GUIDE.flatMap(typedCommands).map(({ words }) => words[1]));
    expect(VERBS.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
  });

  it("names no verb that there is not", () => {
    const known = new Set<string>(VERBS.map(({ name }) => name));
    const unknown = typed.filter(
      ({ words }) => words[1] !== undefined && /^[a-z]/.test(words[1]) && !known.has(words[1]),
    );
    expect(unknown.map(({ path, words }) => `${path}: ${words.join(" ")}`)).toEqual([]);
  });

  it("gives no verb an option that it does not have", () => {
    const wrong = typed.flatMap(({ path, words }) => {
      const verb = VERBS.find(({ name }) => name === words[1]);
      const flags = (verb?.options ?? []).flatMap((option) => option.flags.match(/--?[a-z][a-z-]*/g) ?? []);
      return words
        .filter((word) => /^--?[a-z]/.test(word) && verb !== undefined && !flags.includes(word))
        .map((word) => `${path}: ${words[1]} ${word}`);
    });
    expect(wrong).toEqual([]);
  });

  it("lists the exit codes with their meaning", () => {
    const rows =
      sections(projectFile("docs/guide/running.md")).find(({ title }) => title === "Exit codes")?.rows ?? [];
    expect(rows).toEqual(EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning]));
  });

  it("explains every word of a decision", () => {
    const words =
      /^export type DecisionWord =([^;]*);/m
        .exec(projectFile("src/core/workflow/question.ts"))?.[1]
        ?.match(/[a-z-]+/g) ?? [];
    const explained =
      sections(projectFile("docs/guide/running.md")).find(({ title }) => title === "Answer")?.rows ?? [];
    expect(words.length).toBeGreaterThan(10);
    expect(words.filter((word) => !explained.some(([cell]) => cell === `\`${word}\``))).toEqual([]);
  });

  it("names every variable that sets something", () => {
    const spans = new Set(codeSpans(projectFile("docs/guide/running.md")));
    expect(SWITCHES.map(({ variable }) => variable).filter((name) => !spans.has(name))).toEqual([]);
  });
});

describe("the guide to definitions", () => {
  const text = projectFile("docs/guide/definition.md");
  const documented = documentedKeys(text);
  const schemas = [
    schemaKeys("schemas/definition.schema.json", "definition"),
    schemaKeys("schemas/signalbox.schema.json", "configuration"),
  ];
  const keys = [...new Set(schemas.flat().map(({ group, key }) => `${group}.${key}`))];

  it("has a row for every key of both files, in the section of its group", () => {
    expect(keys.length).toBeGreaterThan(150);
    const missing = keys.filter((path) => {
      const [group = "", key = ""] = path.split(".");
      return !sectionsOf(group).some((title) => documented.get(title)?.has(key));
    });
    expect(missing).toEqual([]);
  });

  it("has no row for a key that there is not", () => {
    const known = new Set(keys.map((path) => path.split(".")[1]));
    const strange = [...documented].flatMap(([title, rows]) =>
      [...rows.keys()].filter((key) => !known.has(key)).map((key) => `${title}: ${key}`),
    );
    expect(strange).toEqual([]);
  });

  it("says the built-in value of every setting that has one", () => {
    const wrong = leaves(DEFAULTS, []).filter(({ path, value }) => {
      const [group, key] = path.length === 1 ? ["run", path[0] ?? ""] : [path[0] ?? "", path[1] ?? ""];
      const rows = sectionsOf(group).flatMap((title) => documented.get(title)?.get(key) ?? []);
      return !rows.some((row) => row.includes(`\`${value}\``));
    });
    expect(wrong.map(({ path, value }) => `${path.join(".")}: ${value}`)).toEqual([]);
  });
});

describe("the architecture", () => {
  const text = projectFile("ARCHITECTURE.md");

  it("maps exactly the folders that there are", () => {
    const mapped = (sections(text).find(({ title }) => title === "Folders")?.rows ?? []).map(([cell = ""]) =>
      cell.replaceAll("`", ""),
    );
    const real = projectFolders("src").filter((folder) => SOURCES.some((path) => dirname(path) === folder));
    expect([...mapped].sort()).toEqual(real);
  });

  it("lists every module that states invariants", () => {
    const linked = new Set(links(text).map(({ target }) => target));
    const stating = SOURCES.filter((path) => /\* (?:.*\. )?Invariants?\b.*:/.test(projectFile(path)));
    expect(stating.length).toBeGreaterThan(15);
    expect(stating.filter((path) => !linked.has(path))).toEqual([]);
  });
});

describe("the glossary", () => {
  const rows = sections(projectFile("docs/glossary.md")).flatMap((section) => section.rows);

  it("links every word to a type or file that defines it", () => {
    const wrong = rows.filter(([, , cell = ""]) => {
      const [link] = links(cell);
      const name = /^`(\w+)`$/.exec(link?.text ?? "")?.[1];
      if (link === undefined || name === undefined) return true;
      return !new RegExp(`export (?:async )?(?:type|interface|class|const|function) ${name}\\b`).test(
        projectFile(normalize(join("docs", link.target))),
      );
    });
    expect(rows.length).toBeGreaterThan(40);
    expect(wrong.map(([word]) => word)).toEqual([]);
  });

  it("is in alphabetical order, each word once", () => {
    const words = rows.map(([word = ""]) => word);
    expect(words).toEqual([...new Set(words)].toSorted((a, b) => a.localeCompare(b, "en")));
  });
});

describe("formats", () => {
  it("of the journal are described in the version that is written", () => {
    const text = projectFile("docs/journal-format.md");
    const shown = [...text.matchAll(/"v":(\d+)/g)].map(([, version]) => Number(version));
    const row =
      sections(text)
        .flatMap(({ rows }) => rows)
        .find(([key]) => key === "`v`") ?? [];
    expect(new Set(shown)).toEqual(new Set([LINE_FORMAT.version]));
    expect(row.join(" ")).toMatch(new RegExp(`\\b${LINE_FORMAT.version}\\b`));
  });
});

describe("the code", () => {
  it("starts programs in one place only", () => {
    const found = SOURCES.filter((path) =>
      /from "(?:node:)?child_process"|import\("(?:node:)?child_process"\)/.test(projectFile(path)),
    );
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((path) => !path.startsWith("src/adapters/process/"))).toEqual([]);
  });
});

interface Typed {
  readonly path: string;
  /** `signalbox`, the verb, and what follows it up to the next command. */
  readonly words: readonly string[];
}

/** Commands of ours in fenced and inline code. A word in `<>` or `[]` is kept; quoted texts are one word. */
function typedCommands(path: string): readonly Typed[] {
  const text = projectFile(path);
  return [...codeLines(text), ...codeSpans(text)]
    .flatMap((line) => [...line.matchAll(/(?:^|[\s(;&])(signalbox(?: +(?:"[^"]*"|'[^']*'|[^\s#|;)]+))*)/g)])
    .map(([, command = ""]) => ({ path, words: command.match(/"[^"]*"|'[^']*'|\S+/g) ?? [] }));
}

function resolves(from: string, target: string): boolean {
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? from : normalize(join(dirname(from), file));
  if (path.startsWith("..") || !existsSync(join(ROOT, path))) return false;
  return anchor === undefined || anchors(projectFile(path)).includes(anchor);
}

interface SchemaKey {
  /** Name of the nearest key or definition around it; `root` becomes the name of the file's kind. */
  readonly group: string;
  readonly key: string;
}

function schemaKeys(path: string, root: string): readonly SchemaKey[] {
  return keysBelow(JSON.parse(projectFile(path)), root);
}

function keysBelow(node: unknown, group: string): readonly SchemaKey[] {
  if (Array.isArray(node)) return node.flatMap((item) => keysBelow(item, group));
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([name, value]): readonly SchemaKey[] => {
    if (name !== "properties" && name !== "definitions") return keysBelow(value, group);
    const members = Object.entries(value as Readonly<Record<string, unknown>>);
    const own = name === "properties" ? members.map(([key]) => ({ group, key })) : [];
    return [...own, ...members.flatMap(([key, inner]) => keysBelow(inner, key))];
  });
}

/** Sections of the guide that may describe the keys of a group. */
function sectionsOf(group: string): readonly string[] {
  const named: Readonly<Record<string, readonly string[]>> = {
    definition: ["Top level of a definition", "Running keys"],
    configuration: ["Only in `signalbox.yaml`", "Top level of a definition", "Running keys"],
    run: ["Running keys", "Only in `signalbox.yaml`", "Escalation", "Top level of a definition"],
    phase: ["Phase", "Running keys"],
    slot: ["Slot", "Running keys"],
    barrier: ["Barrier", "Running keys"],
    send: ["Barrier"],
    pipelines: ["Pipelines"],
    inputs: ["Inputs"],
    finish: ["Finish"],
    loop: ["Loop"],
    rubric: ["Rubric"],
    roles: ["Roles"],
    escalate: ["Escalation"],
    rules: ["Escalation"],
    when: ["Escalation"],
    risks: ["Texts for documents"],
    levels: ["Texts for documents"],
    facts: ["Texts for documents"],
    desktop: ["`notify`"],
    webhook: ["`notify`"],
  };
  return named[group] ?? [`\`${group}\``];
}

/** Section to key to row. A row is about the one key in its first cell. */
function documentedKeys(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const entries = sections(text).map(({ title, rows }) => {
    const named = rows.flatMap(([cell = "", ...rest]) => {
      const key = /^`(\w+)`$/.exec(cell)?.[1];
      return key === undefined ? [] : [[key, rest.join(" | ")] as const];
    });
    return [title, new Map(named)] as const;
  });
  return new Map(entries);
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: string;
}

/** Single values of the built-in settings; a list of one counts as its value, longer and empty ones are described in words. */
function leaves(value: unknown, path: readonly string[]): readonly Leaf[] {
  if (Array.isArray(value)) return value.length === 1 ? leaves(value[0], path) : [];
  if (typeof value !== "object" || value === null) return [{ path, value: String(value) }];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}
