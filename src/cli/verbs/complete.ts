import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { loadAll, openJournals, openProject } from "../project.ts";
import { subjectsOf } from "../subject.ts";
import type { Verb, VerbArgument, VerbInput } from "../verb.ts";

/** `signalbox complete -- <words>`: candidates for the last word, one a line; none means files. Never fails loudly. */
export async function complete(context: Context, input: VerbInput): Promise<number> {
  const words = input.words(0);
  const last = words.at(-1) ?? "";
  const candidates = await candidatesFor(context, words).catch(() => []);
  const fitting = candidates.filter((candidate) => candidate.startsWith(last));
  if (fitting.length > 0) context.output.answer(fitting.join("\n"));
  return EXIT.done;
}

async function candidatesFor(context: Context, words: readonly string[]): Promise<readonly string[]> {
  const [name, ...rest] = words;
  const last = words.at(-1) ?? "";
  if (name === undefined || rest.length === 0)
    return context.verbs.filter((verb) => verb.hidden !== true).map((verb) => verb.name);
  const verb = context.verbs.find((candidate) => candidate.name === name);
  if (verb === undefined) return [];
  if (last.startsWith("-")) return optionNames(verb);
  if (words.at(-2) === "-w" || words.at(-2) === "--workflow") return workflows(context);
  const position = rest.slice(0, -1).filter((word) => !word.startsWith("-")).length;
  return argumentCandidates(context, verb.arguments?.[position]);
}

function optionNames(verb: Verb): readonly string[] {
  return (verb.options ?? []).flatMap((option) => /--[a-z-]+/.exec(option.flags)?.[0] ?? []);
}

async function argumentCandidates(
  context: Context,
  argument: VerbArgument | undefined,
): Promise<readonly string[]> {
  switch (argument?.completes) {
    case "workflow":
      return workflows(context);
    case "slot":
    case "checkpoint":
      return subjects(context);
    case "preserved":
      return preserved(context);
    default:
      return [];
  }
}

async function workflows({ io }: Context): Promise<readonly string[]> {
  return (await openJournals(io)).store.list();
}

async function preserved({ io }: Context): Promise<readonly string[]> {
  const work = await (await openProject(io)).repository.preservedWork();
  return work.map(({ workflow, name }) => `${workflow}/${name}`);
}

async function subjects({ io }: Context): Promise<readonly string[]> {
  const { states } = await loadAll(await openJournals(io));
  return [
    ...new Set(
      states.flatMap((state) => [
        ...state.questions.map((question) => question.subject),
        ...subjectsOf(state),
      ]),
    ),
  ];
}
