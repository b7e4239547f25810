import { configJsonSchema, definitionJsonSchema, renderJsonSchema } from "../../config/json-schema.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox schema [definition|config]`. */
export async function schema({ output }: Context, input: VerbInput): Promise<number> {
  const which = input.argument(0) ?? "definition";
  if (which !== "definition" && which !== "config") {
    throw new SignalboxError("user", "unknown-schema", `There is no schema of ${which}`, [
      "The two are: signalbox schema definition, signalbox schema config",
    ]);
  }
  output.answer(renderJsonSchema(which === "definition" ? definitionJsonSchema() : configJsonSchema()));
  return EXIT.done;
}
