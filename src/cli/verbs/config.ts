import type { Setting } from "../../config/settings/layers.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { settingsAt } from "../planning/settings.ts";
import { openProject } from "../project.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox config [--show-origin]`: the settings in force, as committed. */
export async function config(context: Context, input: VerbInput): Promise<number> {
  const { io, output, json } = context;
  const { repository } = await openProject(io);
  const { commit } = await repository.head();
  if (commit === null)
    throw new SignalboxError("user", "unborn-branch", "The repository has no commit yet", [
      "Make the first one: git commit --allow-empty -m start",
    ]);
  const { origins: written } = await settingsAt(repository, commit, io, {});
  const origins = written.map((setting) => ({
    ...setting,
    value: withoutSecrets(setting.key, setting.value),
  }));
  if (json) {
    output.json({ settings: origins });
    return EXIT.done;
  }
  const rows = origins.map((setting) => [
    setting.key,
    JSON.stringify(setting.value),
    ...(input.flag("showOrigin") ? [originText(setting)] : []),
  ]);
  output.table(
    [
      { title: "key" },
      { title: "value", flexible: true },
      ...(input.flag("showOrigin") ? [{ title: "from" }] : []),
    ],
    rows,
  );
  return EXIT.done;
}

/** The address of a webhook is a secret beyond its host. */
function withoutSecrets(key: string, value: unknown): unknown {
  if (!key.startsWith("notify")) return value;
  return JSON.parse(
    JSON.stringify(value, (name, inner: unknown) =>
      name === "url" && typeof inner === "string" && URL.canParse(inner)
        ? `${new URL(inner).protocol}//${new URL(inner).host}/…`
        : inner,
    ),
  );
}

function originText({ origin }: Setting): string {
  const place =
    origin.name === undefined ? "" : ` ${origin.name}${origin.line === undefined ? "" : `:${origin.line}`}`;
  return `${origin.layer}${place}`;
}
