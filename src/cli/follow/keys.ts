/** What a person presses, read from the bytes that a terminal sends. */

export type Key =
  | { readonly key: "up" | "down" | "enter" | "escape" | "backspace" | "clear" | "interrupt" }
  | { readonly key: "text"; readonly text: string };

const ESC = "\u001b";

const NAMED: Readonly<Record<string, Exclude<Key["key"], "text">>> = {
  [`${ESC}[A`]: "up",
  [`${ESC}OA`]: "up",
  [`${ESC}[B`]: "down",
  [`${ESC}OB`]: "down",
  "\r": "enter",
  "\n": "enter",
  [ESC]: "escape",
  "\u007f": "backspace",
  "\b": "backspace",
  "\u0015": "clear",
  "\u0003": "interrupt",
};

/** A sequence, one control character, or a run of text. */
const PIECES = new RegExp(`${ESC}\\[[0-?]*[ -/]*[@-~]|${ESC}O.|\\p{Cc}|\\P{Cc}+`, "gu");

/** Line breaks with text behind them, as in what was pasted. */
const INNER_BREAK = /[\r\n]+(?=\P{Cc})/gu;

/** Keys in the order in which they were pressed; those that mean nothing here are left out. Pasted text is one key on one line. */
export function keysIn(chunk: string): readonly Key[] {
  return (chunk.replace(INNER_BREAK, " ").match(PIECES) ?? []).flatMap((piece): readonly Key[] => {
    const named = NAMED[piece];
    if (named !== undefined) return [{ key: named }];
    return /^\p{Cc}/u.test(piece) ? [] : [{ key: "text", text: piece }];
  });
}
