import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { NASTY } from "../../../test/builders/any-state.ts";
import { aWorkflow } from "../../../test/builders/state.ts";
import { createRenderer } from "../renderer.ts";
import { canonical, hashOf } from "./canonical.ts";
import { jsonBlock, yamlSection } from "./emit.ts";
import { parseStateDocument } from "./parse-state.ts";

const state = aWorkflow().upTo(1).merged("barrier-1.a-to-b").build();
const text = createRenderer("1.2.3").render(state)[0]?.content ?? "";

function errorsOf(damaged: string): string {
  const parsed = parseStateDocument(damaged);
  return parsed.ok ? "accepted" : parsed.errors.join(" ");
}

describe("the state document", () => {
  it("gives back the state and who wrote it", () => {
    const parsed = parseStateDocument(text);
    expect(parsed).toMatchObject({ ok: true, generator: "signalbox 1.2.3" });
    expect(parsed.ok && canonical(parsed.state)).toEqual(canonical(state));
  });

  it("is refused when a value of the state was changed", () => {
    expect(text).toContain('"status": "ACTIVE"');
    expect(errorsOf(text.replace('"status": "ACTIVE"', '"status": "COMPLETE"'))).toMatch(
      /does not match its hash/,
    );
  });

  it("is read although somebody changed a derived section", () => {
    expect(parseStateDocument(text.replace("  status: ACTIVE", "  status: COMPLETE")).ok).toBe(true);
  });

  it("is read although another program wrote the same values as other YAML", () => {
    const written = stringify(parse(text));
    expect(written).not.toContain("state: {");
    expect(parseStateDocument(written)).toEqual(parseStateDocument(text));
  });

  it("is refused with the line when it is no YAML", () => {
    const broken = text.replace("\nbarriers:\n", "\nbarriers: [\n");
    const line = broken.split("\n").indexOf("barriers: [") + 1;
    expect(errorsOf(broken)).toMatch(/line \d+, column \d+/);
    expect(Number(/line (\d+)/.exec(errorsOf(broken))?.[1])).toBeGreaterThanOrEqual(line);
  });

  it("is refused with the line of a merge conflict marker", () => {
    const lines = text.split("\n");
    lines.splice(30, 0, "<<<<<<< HEAD");
    expect(errorsOf(lines.join("\n"))).toMatch(/line 31 is a merge conflict marker/);
  });

  it("is refused when it was cut off", () => {
    expect(errorsOf(text.slice(0, -200))).toMatch(/cannot be read/);
  });

  it("is refused when a newer version wrote it", () => {
    const newer = text.replace("  format: 1\n", "  format: 2\n");
    expect(errorsOf(newer)).toMatch(/signalbox 1\.2\.3 in format 2.*reads up to 1/);
  });

  it.each([
    ["", /does not hold a mapping/],
    ["- 1", /does not hold a mapping/],
    ["workflow: {}", /section is missing/],
    ["signalbox: { generator: x }", /format` is missing/],
    ["signalbox: { format: 1 }", /hash` is missing/],
    [`signalbox: { format: 1, hash: "${hashOf({})}", state: {} }`, /is not the state of a workflow/],
  ])("is refused when it is %j", (content, message) => {
    expect(errorsOf(content)).toMatch(message);
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (any) => parseStateDocument(any).ok === false),
      { numRuns: 200 },
    );
  });
});

describe("emitted YAML", () => {
  it("means the same to readers of 1.1 and 1.2", () => {
    fc.assert(
      fc.property(fc.dictionary(NASTY, NASTY), (map) => {
        const value = canonical(map);
        const section = yamlSection("section", value);
        expect(parse(section)).toEqual({ section: value });
        expect(parse(section, { version: "1.1" })).toEqual({ section: value });
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    "on",
    "No",
    "y",
    "null",
    "2026-02-20",
    "2026-02-20T10:00:00Z",
    "1:20",
    "012",
    "0o14",
    "1_000",
    ".5",
    "~",
    "<<",
    "=",
    "1e3",
    "-",
    "2.0",
  ])("quotes %s", (word) => {
    expect(yamlSection("key", word)).toBe(`key: "${word}"\n`);
  });

  it("stores any value as JSON that YAML reads back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), NASTY, (json, nasty) => {
        const value = canonical({ json, nasty });
        expect(parse(`state: ${jsonBlock(value, "  ")}\n`)).toEqual({ state: value });
      }),
      { numRuns: 300 },
    );
  });
});

describe("unusual characters", () => {
  const text = "del\u007f next\u0085 line\u2028 bom\ufeff half\ud800 end";

  it.each([
    ["in a section", yamlSection("key", text)],
    ["in the stored state", jsonBlock(text, "")],
  ])("are escaped %s, so that older readers and UTF-8 keep them", (_, written) => {
    expect(written).toMatch(/^[\x20-\x7e\n]*$/);
    expect(written).toContain("\\u2028");
  });
});

describe("the hash", () => {
  it("depends on content, not on the order of keys or on undefined members", () => {
    expect(hashOf({ a: 1, b: { c: [1, undefined], d: undefined } })).toBe(
      hashOf({ b: { c: [1, null] }, a: 1 }),
    );
    expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: 2 }));
  });

  it("keeps a key named __proto__ as a member", () => {
    expect(hashOf(JSON.parse('{"__proto__": {"x": 1}}'))).not.toBe(hashOf({}));
  });
});
