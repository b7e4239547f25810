import { describe, expect, it } from "vitest";
import { configJsonSchema, definitionJsonSchema, renderJsonSchema } from "./json-schema.ts";
import { configSchema } from "./schema/config-schema.ts";
import { definitionSchema } from "./schema/definition-schema.ts";

const FOLDER = "../../schemas";

describe("JSON Schemas", () => {
  it("of definitions in the repository are what the validation generates", async () => {
    await expect(renderJsonSchema(definitionJsonSchema())).toMatchFileSnapshot(
      `${FOLDER}/definition.schema.json`,
    );
  });

  it("of the configuration in the repository is what the validation generates", async () => {
    await expect(renderJsonSchema(configJsonSchema())).toMatchFileSnapshot(`${FOLDER}/signalbox.schema.json`);
  });

  it("are draft 7 and know every key, and no other", () => {
    for (const [schema, source] of [
      [definitionJsonSchema(), definitionSchema],
      [configJsonSchema(), configSchema],
    ] as const) {
      expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
      expect(Object.keys(schema.properties as object)).toEqual(Object.keys(source.shape));
      expect(schema.additionalProperties).toBe(false);
    }
  });

  it("allow directions in a barrier and nothing else beside its keys", () => {
    const { definitions } = definitionJsonSchema() as {
      definitions: Record<string, Record<string, unknown>>;
    };
    const barrier = definitions.barrier;
    const [pattern] = Object.keys(barrier?.patternProperties as object);
    expect(barrier?.additionalProperties).toBe(false);
    expect(
      ["a -> b", "a->b", "a <-> b", "treshold"].map((key) => new RegExp(pattern ?? "").test(key)),
    ).toEqual([true, true, true, false]);
  });

  it("let an expression stand where a number is wanted, in definitions only", () => {
    const parallelOf = (schema: object) =>
      (schema as { properties: { limits: { properties: { parallel: { anyOf?: unknown[] } } } } }).properties
        .limits.properties.parallel;
    expect(parallelOf(definitionJsonSchema()).anyOf).toHaveLength(2);
    expect(parallelOf(configJsonSchema()).anyOf).toBeUndefined();
  });
});
