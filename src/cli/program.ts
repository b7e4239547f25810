/** Builds the parser from the verb declarations. */
import { Argument, Command, CommanderError, Option } from "commander";
import type { CliIo } from "./io.ts";
import { EXIT, EXIT_MEANINGS } from "./output/exit-code.ts";
import type { Style } from "./output/style.ts";
import { type Verb, type VerbGroup, VerbInput } from "./verb.ts";

export interface GlobalOptions {
  readonly color: "auto" | "always" | "never";
  /** False after `--no-input`. */
  readonly input: boolean;
  /** `-C`: run as if started there. */
  readonly C?: string;
}

/** The verb that was typed; `null` = none, print the overview. */
export type Choice = { readonly verb: Verb | null; readonly input: VerbInput; readonly globals: GlobalOptions };

export type ParseResult = { readonly kind: "run"; readonly choice: Choice } | { readonly kind: "exit"; readonly code: number };

const GROUP_TITLES: Readonly<Record<VerbGroup, string>> = {
  start: "Start and stop:",
  look: "Look:",
  answer: "Answer:",
  keep: "Keep in order:",
  "set up": "Set up:",
};

/** Parses argv (without node and script). Help, version and usage errors are printed here and end in `exit`. */
export async function parseArguments(argv: readonly string[], verbs: readonly Verb[], io: CliIo, style: Style, version: string): Promise<ParseResult> {
  let choice: Choice | undefined;
  const program = createProgram(io, style, version);
  for (const verb of verbs) program.addCommand(toCommand(verb, program, io, style, (chosen) => { choice = chosen; }), { hidden: verb.hidden === true });
  addHelpTopics(program, io);
  program.action((options: Record<string, unknown>) => { choice = { verb: null, input: new VerbInput([], options), globals: program.opts() }; });
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return { kind: "exit", code: error.exitCode === 0 ? EXIT.done : EXIT.usage };
    throw error;
  }
  return choice === undefined ? { kind: "exit", code: EXIT.done } : { kind: "run", choice };
}

function createProgram(io: CliIo, style: Style, version: string): Command {
  const program = new Command("signalbox");
  program
    .description("One control plane for many coding-agent sessions: worktrees, workflows, gates, checkpoints, merges.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .option("-C <folder>", "run as if started in this folder")
    .addOption(new Option("--color <when>", "colours and symbols").choices(["auto", "always", "never"]).default("auto"))
    .option("--no-input", "never ask; fail with the flag that answers")
    .addHelpText("after", `\nWithout a verb: what runs, what waits, and the next command.\nTopics: signalbox help exit-codes, signalbox help environment`);
  return prepared(program, io, style);
}

function prepared(command: Command, io: CliIo, style: Style): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(io.stdout.columns ?? 100, 110),
      getErrHelpWidth: () => Math.min(io.stderr.columns ?? 100, 110),
      getOutHasColors: () => style.colour,
      getErrHasColors: () => style.colour,
      outputError: (text, write) => write(usageErrorText(text, style)),
    })
    .configureHelp({ styleTitle: style.bold });
}

/** `error: unknown command 'x'\n(Did you mean y?)` becomes our own message and hint shape. */
function usageErrorText(text: string, style: Style): string {
  const [message = "", ...more] = text.trim().replace(/^error: /, "").split("\n");
  const hints = more.length > 0 ? more.map((line) => line.replace(/^\(|\)$/g, "")) : ["signalbox --help lists the verbs; signalbox <verb> --help their options"];
  return [`${style.red(style.symbol.fail)} ${message}`, ...hints.map((hint) => `${style.dim(style.symbol.hint)} ${hint}`), ""].join("\n");
}

function toCommand(verb: Verb, program: Command, io: CliIo, style: Style, choose: (choice: Choice) => void): Command {
  const command = new Command(verb.name).description(verb.about).helpGroup(GROUP_TITLES[verb.group]);
  for (const { spec, about } of verb.arguments ?? []) command.addArgument(new Argument(spec, about));
  for (const option of verb.options ?? []) command.addOption(toOption(option));
  const examples = verb.examples ?? [];
  if (examples.length > 0) command.addHelpText("after", `\nExamples:\n${examples.map(([typed, does]) => `  ${typed}\n      ${does}`).join("\n")}`);
  command.helpOption("-h, --help", "print this help");
  command.action((...all: unknown[]) => {
    const args = all.slice(0, -2);
    choose({ verb, input: new VerbInput(args, command.opts()), globals: program.opts() });
  });
  return prepared(command, io, style);
}

function toOption(declared: NonNullable<Verb["options"]>[number]): Option {
  const option = new Option(declared.flags, declared.about);
  if (declared.choices !== undefined) option.choices([...declared.choices]);
  if (declared.repeatable === true) option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  if (declared.hidden === true) option.hideHelp();
  return option;
}

function addHelpTopics(program: Command, io: CliIo): void {
  const help = new Command("help").description("Help on a verb or a topic: exit-codes, environment").argument("[topic]").helpOption(false);
  help.action((topic: string | undefined) => {
    const text = topic === undefined ? program.helpInformation() : topicText(topic, program);
    io.stdout.write(text);
  });
  program.addCommand(help, { hidden: true });
}

function topicText(topic: string, program: Command): string {
  if (topic === "exit-codes") return EXIT_MEANINGS.map(([code, meaning]) => `${String(code).padStart(3)}  ${meaning}\n`).join("");
  if (topic === "environment") return ENVIRONMENT.map(([name, meaning]) => `${name.padEnd(18)}  ${meaning}\n`).join("");
  const command = program.commands.find((candidate) => candidate.name() === topic);
  if (command === undefined) program.error(`error: unknown command '${topic}'`, { exitCode: EXIT.usage });
  return command.helpInformation();
}

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ["NO_COLOR", "no colours"],
  ["FORCE_COLOR", "colours also without a terminal; 0 = none"],
  ["SIGNALBOX_USER", "name of the person for the record (default: the login name)"],
  ["XDG_RUNTIME_DIR", "where the coordinator's socket goes (default: a private folder below the temporary one)"],
  ["COLUMNS", "width where the terminal does not tell it"],
];
