/** JSON Schemas (draft 7) of both files, made from what validates them, for completion in editors. */
import { z } from "zod";
import { configSchema } from "./schema/config-schema.ts";
import { barrierSchema, definitionSchema } from "./schema/definition-schema.ts";

/** A JSON Schema of draft 7 as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schema of a definition. Values may also be `${{ inputs.name }}` where something else than text is wanted. */
export function definitionJsonSchema(): JsonSchema {
  return titled("Signalbox workflow definition", generate(definitionSchema, true));
}

/** Schema of `signalbox.yaml` and of the user's `config.yaml`. */
export function configJsonSchema(): JsonSchema {
  return titled("Signalbox configuration", generate(configSchema, false));
}

/** The text of a schema file: two spaces, one line break at the end. */
export function renderJsonSchema(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

type MutableSchema = z.core.JSONSchema.BaseSchema;

function generate(schema: z.ZodType, withInputs: boolean): MutableSchema {
  return z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      if (Object.is(zodSchema, barrierSchema)) allowDirections(jsonSchema);
      if (withInputs) allowExpression(jsonSchema);
    },
  });
}

/** The library knows no patterns for keys beside fixed ones. */
function allowDirections(schema: MutableSchema): void {
  schema.patternProperties = {
    "^\\s*\\S+?\\s*(<->|->)\\s*\\S+\\s*$": { type: "string", description: "What the handoff must carry." },
  };
  schema.additionalProperties = false;
}

const EXPRESSION = "^\\$\\{\\{[^}]*\\}\\}$";

/** A number, a choice or a patterned text may be an expression instead, which an editor must not underline. */
function allowExpression(schema: MutableSchema): void {
  const { type, enum: values, pattern, description, ...rest } = schema;
  const isNumber = type === "number" || type === "integer" || type === "boolean";
  if (
    !isNumber &&
    values === undefined &&
    (type !== "string" || pattern === undefined || pattern === EXPRESSION)
  )
    return;
  const plain = {
    ...(type && { type }),
    ...(values && { enum: values }),
    ...(pattern && { pattern }),
    ...rest,
  };
  for (const key of Object.keys(schema)) delete schema[key];
  Object.assign(schema, {
    ...(description && { description }),
    anyOf: [plain, { type: "string", pattern: EXPRESSION }],
  });
}

function titled(title: string, schema: MutableSchema): JsonSchema {
  const { $schema, ...rest } = schema;
  return { $schema, title, ...rest };
}
