/** Colours and symbols of one stream. The only place that decides whether a terminal gets escape codes. */
import picocolors from "picocolors";
import type { CliIo, TextSink } from "../io.ts";

export type ColorChoice = "auto" | "always" | "never";

type Paint = (text: string) => string;

export interface Style {
  readonly colour: boolean;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly cyan: Paint;
  readonly magenta: Paint;
  readonly symbol: Symbols;
}

export interface Symbols {
  readonly done: string;
  readonly fail: string;
  readonly warn: string;
  readonly info: string;
  readonly hint: string;
  readonly idle: string;
  readonly run: string;
  readonly ask: string;
  readonly skip: string;
  readonly arrow: string;
  readonly dot: string;
  /** Marks the choice that Enter takes. */
  readonly pick: string;
  /** Where the next letter goes. */
  readonly caret: string;
  readonly ellipsis: string;
}

const UNICODE: Symbols = {
  done: "✓",
  fail: "✗",
  warn: "!",
  info: "·",
  hint: "↳",
  idle: "○",
  run: "●",
  ask: "?",
  skip: "–",
  arrow: "→",
  dot: "·",
  pick: "›",
  caret: "▏",
  ellipsis: "…",
};
const ASCII: Symbols = {
  done: "ok",
  fail: "x",
  warn: "!",
  info: "-",
  hint: "->",
  idle: "o",
  run: "*",
  ask: "?",
  skip: "-",
  arrow: "->",
  dot: "-",
  pick: ">",
  caret: "_",
  ellipsis: "...",
};

/** Style for a sink. `NO_COLOR`, `FORCE_COLOR`, `CLICOLOR`, `TERM=dumb` and `--color` are honoured, in rising order of strength except that `--color` wins. */
export function createStyle(sink: TextSink, env: CliIo["env"], choice: ColorChoice): Style {
  const colour = wantsColour(sink, env, choice);
  const c = picocolors.createColors(colour);
  return {
    colour,
    bold: c.bold,
    dim: c.dim,
    red: c.red,
    green: c.green,
    yellow: c.yellow,
    blue: c.blue,
    cyan: c.cyan,
    magenta: c.magenta,
    symbol: wantsAscii(env) ? ASCII : UNICODE,
  };
}

function wantsColour(sink: TextSink, env: CliIo["env"], choice: ColorChoice): boolean {
  if (choice !== "auto") return choice === "always";
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0";
  if (env.TERM === "dumb" || env.CLICOLOR === "0") return false;
  return sink.isTTY;
}

function wantsAscii(env: CliIo["env"]): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  return env.TERM === "dumb" || locale === "C" || locale === "POSIX";
}
