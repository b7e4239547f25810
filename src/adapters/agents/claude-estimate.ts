/**
 * What a run has cost so far, guessed from the tokens of its stream: the program itself tells money only at the end. Good enough to notice
 * that money goes; limits and accounts use what the program says, and this only where it was killed before it could.
 */
import { type Fields, fieldsOf, numberOf, textOf } from "./foreign-data.ts";

/** USD for a million tokens, in and out, by a part of the model's name; the last one is for names that nobody knows. */
const PRICES: readonly { readonly name: string; readonly input: number; readonly output: number }[] = [
  { name: "opus", input: 5, output: 25 },
  { name: "haiku", input: 1, output: 5 },
  { name: "", input: 3, output: 15 },
];
const CACHE_READ = 0.1;
const CACHE_WRITE = 1.25;
const MILLION = 1_000_000;

export class CostEstimate {
  private done = 0;
  private model = "";
  private input = 0;
  private output = 0;

  /** Takes the event inside a `stream_event` message; true when a reply of the model has ended. */
  onStreamEvent(event: Fields): boolean {
    if (event.type === "message_start") {
      const message = fieldsOf(event.message);
      this.settle();
      this.model = textOf(message.model);
      this.take(fieldsOf(message.usage));
    }
    if (event.type !== "message_delta") return false;
    this.take(fieldsOf(event.usage));
    return true;
  }

  /** USD so far. */
  get usd(): number {
    return this.done + priced(this.model, this.input, this.output);
  }

  private settle(): void {
    this.done = this.usd;
    this.input = 0;
    this.output = 0;
  }

  /** Numbers of the same reply replace each other: each is a count so far. */
  private take(usage: Fields): void {
    this.input = Math.max(this.input, inputOf(usage));
    this.output = Math.max(this.output, numberOf(usage.output_tokens) ?? 0);
  }
}

/** Guess for one reply of a model, USD. */
export function costOf({ model, usage }: { readonly model: string; readonly usage: Fields }): number {
  return priced(model, inputOf(usage), numberOf(usage.output_tokens) ?? 0);
}

/** Tokens in, those of the cache at what they cost of a plain one; 0 where the usage has none. */
function inputOf(usage: Fields): number {
  const plain = numberOf(usage.input_tokens);
  if (plain === null) return 0;
  const written = numberOf(usage.cache_creation_input_tokens) ?? 0;
  const read = numberOf(usage.cache_read_input_tokens) ?? 0;
  return plain + written * CACHE_WRITE + read * CACHE_READ;
}

function priced(model: string, inputTokens: number, outputTokens: number): number {
  const { input, output } = PRICES.find(({ name }) => model.includes(name)) ?? { input: 0, output: 0 };
  return (inputTokens * input + outputTokens * output) / MILLION;
}
