/** Builds the parser from the verb declarations. */
import { Argument, Command, CommanderError, Option } from "commander";
import { SignalboxError } from "../core/errors.ts";
import type { CliIo } from "./io.ts";
import { EXIT, EXIT_MEANINGS } from "./output/exit-code.ts";
import type { Style } from "./output/style.ts";
import { nearest } from "./resolve.ts";
import { type Verb, type VerbGroup, VerbInput } from "./verb.ts";

export interface GlobalOptions {
  readonly color: "auto" | "always" | "never";
  /** False after `--no-input`. */
  readonly input: boolean;
  /** `-C`: run as if started there. */
  readonly C?: string;
}

/** The verb that was typed; `null` = none, print the overview. */
export type Choice = {
  readonly verb: Verb | null;
  readonly input: VerbInput;
  readonly globals: GlobalOptions;
};

export type ParseResult =
  | { readonly kind: "run"; readonly choice: Choice }
  | { readonly kind: "exit"; readonly code: number };

const GROUP_TITLES: Readonly<Record<VerbGroup, string>> = {
  start: "Start and stop:",
  look: "Look:",
  answer: "Answer:",
  keep: "Keep in order:",
  "set up": "Set up:",
};

/** Parses argv (without node and script). Help, version and usage errors are printed here and end in `exit`. */
export async function parseArguments(
  argv: readonly string[],
  verbs: readonly Verb[],
  io: CliIo,
  style: Style,
  version: string,
): Promise<ParseResult> {
  let choice: Choice | undefined;
  const choose = (chosen: Choice): void => {
    choice = chosen;
  };
  const program = createProgram(io, style, version);
  for (const verb of parsed(argv, verbs))
    program.addCommand(toCommand(verb, program, io, style, choose), { hidden: verb.hidden === true });
  addHelpTopics(program, io);
  program.action(() => choose(overviewChoice(program, verbs)));
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "exit", code: EXIT.done };
    throw usageError(error.message, verbs.find(({ name }) => argv.includes(name))?.name);
  }
  return choice === undefined ? { kind: "exit", code: EXIT.done } : { kind: "run", choice };
}

/** The parser of a verb is built only when it can be needed: all of them cost as much as the start of a small program. */
function parsed([first]: readonly string[], verbs: readonly Verb[]): readonly Verb[] {
  const own = verbs.filter((verb) => verb.name === first);
  return own.length > 0 ? own : verbs;
}

/** No verb at all is the overview; a word that is no verb is a mistake. */
function overviewChoice(program: Command, verbs: readonly Verb[]): Choice {
  const [word] = program.args;
  if (word === undefined) return { verb: null, input: new VerbInput([], {}), globals: program.opts() };
  const names = verbs.filter((verb) => verb.hidden !== true).map((verb) => verb.name);
  const close = nearest(word, names);
  throw new SignalboxError("user", "unknown-verb", `signalbox has no verb ${word}`, [
    ...(close === undefined ? [] : [`The nearest is ${close}`]),
    `All verbs: signalbox --help`,
  ]);
}

/** `error: unknown option '--nte'\n(Did you mean --note?)` in our own shape. */
function usageError(text: string, verb?: string): SignalboxError {
  const [message = "", ...more] = text
    .trim()
    .replace(/^error: /, "")
    .split("\n");
  const hints = more.map((line) => line.replace(/^\(|\)$/g, ""));
  return new SignalboxError("user", "usage", message, [
    ...hints,
    verb === undefined ? "All verbs: signalbox --help" : `How it is used: signalbox ${verb} --help`,
  ]);
}

function createProgram(io: CliIo, style: Style, version: string): Command {
  const program = new Command("signalbox");
  program
    .description(
      "One control plane for many coding-agent sessions: worktrees, workflows, gates, checkpoints, merges.",
    )
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .allowExcessArguments(true)
    .option("-C <folder>", "run as if started in this folder")
    .addOption(
      new Option("--color <when>", "colours and symbols")
        .choices(["auto", "always", "never"])
        .default("auto"),
    )
    .option("--no-input", "never ask; fail with the flag that answers")
    .addHelpText(
      "after",
      `\nWithout a verb: what runs, what waits, and the next command.\nTopics: signalbox help exit-codes, signalbox help environment`,
    );
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
      outputError: () => {}, // told by whoever catches the error, like any other
    })
    .configureHelp({
      styleTitle: style.bold,
      subcommandTerm: (verb) => [verb.name(), ...verb.registeredArguments.map(argumentTerm)].join(" "),
    });
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function toCommand(
  verb: Verb,
  program: Command,
  io: CliIo,
  style: Style,
  choose: (choice: Choice) => void,
): Command {
  const command = new Command(verb.name).description(verb.about).helpGroup(GROUP_TITLES[verb.group]);
  for (const { spec, about } of verb.arguments ?? []) command.addArgument(new Argument(spec, about));
  for (const option of verb.options ?? []) command.addOption(toOption(option));
  const examples = verb.examples ?? [];
  if (examples.length > 0)
    command.addHelpText(
      "after",
      `\nExamples:\n${examples.map(([typed, does]) => `  ${typed}\n      ${does}`).join("\n")}`,
    );
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
  if (declared.repeatable === true)
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  if (declared.hidden === true) option.hideHelp();
  return option;
}

function addHelpTopics(program: Command, io: CliIo): void {
  const help = new Command("help")
    .description("Help on a verb or a topic: exit-codes, environment")
    .argument("[topic]")
    .helpOption(false);
  help.action((topic: string | undefined) => {
    const text = topic === undefined ? program.helpInformation() : topicText(topic, program);
    io.stdout.write(text);
  });
  program.addCommand(help, { hidden: true });
}

function topicText(topic: string, program: Command): string {
  if (topic === "exit-codes")
    return EXIT_MEANINGS.map(([code, meaning]) => `${String(code).padStart(3)}  ${meaning}\n`).join("");
  if (topic === "environment")
    return ENVIRONMENT.map(([name, meaning]) => `${name.padEnd(18)}  ${meaning}\n`).join("");
  const command = program.commands.find((candidate) => candidate.name() === topic);
  if (command === undefined)
    throw new SignalboxError("user", "unknown-topic", `There is no help on ${topic}`, [
      "Topics: exit-codes, environment, and every verb: signalbox --help",
    ]);
  return command.helpInformation();
}

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ["NO_COLOR", "no colours"],
  ["FORCE_COLOR", "colours also without a terminal; 0 = none"],
  ["SIGNALBOX_USER", "name of the person for the record (default: the login name)"],
  [
    "XDG_RUNTIME_DIR",
    "where the coordinator's socket goes (default: a private folder below the temporary one)",
  ],
  ["XDG_STATE_HOME", "where the list of the user's repositories stands (default: ~/.local/state)"],
  ["VISUAL, EDITOR", "what `open` starts"],
  ["COLUMNS", "width where the terminal does not tell it"],
];
