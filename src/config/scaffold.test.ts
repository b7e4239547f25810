import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SignalboxError } from "../core/errors.ts";
import { parseDefinition } from "./parse-definition.ts";
import { scaffold, TEMPLATE_NAMES } from "./scaffold.ts";
import { loadSettings } from "./settings/load-settings.ts";

describe.each(TEMPLATE_NAMES.map(({ name }) => name))("the template %s", (template) => {
  const files = new Map(
    scaffold(template, { name: 'Say "hello": now #1' }).map(({ path, content }) => [path, content]),
  );
  const definition = files.get("workflows/say-hello-now-1.yaml") ?? "";

  it("is a definition without errors or warnings, under the given name", () => {
    const parsed = parseDefinition(definition, { file: template });
    expect(parsed).toMatchObject({
      ok: true,
      warnings: [],
      definition: { name: 'Say "hello": now #1', slug: "say-hello-now-1" },
    });
  });

  it("names its schema in the first line, and the schema is there", () => {
    expect(definition.split("\n")[0]).toBe(
      "# yaml-language-server: $schema=../.signalbox/schemas/definition.schema.json",
    );
    expect(JSON.parse(files.get(".signalbox/schemas/definition.schema.json") ?? "")).toMatchObject({
      type: "object",
    });
  });

  it("writes briefs as blocks", () => {
    expect(definition.match(/brief: .*/g)?.every((line) => line === "brief: |")).toBe(true);
  });

  it("comes with a project file that changes nothing, alone or with its examples switched on", () => {
    const text = files.get("signalbox.yaml") ?? "";
    expect(loadSettings({ projectText: text })).toEqual(loadSettings({}));
    const switchedOn = text.replaceAll(/^# ((?:checks|provision|limits):| {2}.*)$/gm, "$1");
    expect(loadSettings({ projectText: switchedOn })).toMatchObject({
      ok: true,
      settings: {
        run: { checks: [{ run: "npm test" }], provision: { copy: [".env"], run: ["npm run build"] } },
      },
    });
  });
});

describe("a scaffold", () => {
  it.each(["", "…", "two\nlines"])("refuses the name %j", (name) => {
    expect(() => scaffold("tasks", { name })).toThrow(SignalboxError);
  });

  it("has the schemas of this version", () => {
    const files = scaffold("tasks", { name: "x" });
    for (const name of ["definition", "signalbox"]) {
      const checkedIn = readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), "utf8");
      expect(files.find(({ path }) => path.endsWith(`/${name}.schema.json`))?.content).toBe(checkedIn);
    }
  });
});
