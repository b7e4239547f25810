/** A story from its repository to what is left of it. */

import type { BuiltProduct } from "./built-product.ts";
import { drive } from "./drive.ts";
import { inspect } from "./inspect.ts";
import { type Occurrences, occurrencesOf } from "./occurrences.ts";
import { type Agent, openPlace } from "./place.ts";
import type { Story } from "./story.ts";

export interface PlayOptions {
  readonly agent: Agent;
  readonly shuffle?: string;
  readonly built?: BuiltProduct;
  readonly limitMs: number;
}

export interface Played {
  readonly status: string;
  readonly occurred: Occurrences;
  /** Everything that is wrong; empty for a good run. */
  readonly problems: readonly string[];
  readonly sessions: number;
  readonly rounds: number;
  readonly epochs: number;
  /** Without looking at what is left. */
  readonly seconds: number;
}

export async function play(story: Story, options: PlayOptions): Promise<Played> {
  const started = performance.now();
  const shuffled = options.shuffle === undefined ? {} : { shuffle: options.shuffle };
  const place = await openPlace({
    ...shuffled,
    example: story.example,
    agent: options.agent,
    scenario:
      options.shuffle === undefined
        ? story.scenario
        : { ...story.scenario, seed: options.shuffle, delayMs: [0, 30] },
    ...(story.edit === undefined ? {} : { edit: story.edit }),
    ...(options.built === undefined ? {} : { built: options.built }),
  });
  try {
    const run = await drive(place, story, { ...shuffled, limitMs: options.limitMs });
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    const occurred = occurrencesOf(run.events, run.state);
    const missing = story.shows
      .filter((name) => !occurred.has(name))
      .map((name) => `did not happen: ${name}`);
    const ended =
      run.state.status === story.ends ? [] : [`ended ${run.state.status} instead of ${story.ends}`];
    return {
      status: run.state.status,
      occurred,
      problems: [...run.problems, ...ended, ...missing, ...(await inspect(place, run))],
      sessions: run.state.spend.sessions,
      rounds: Object.values(run.state.deliverables).reduce((sum, d) => sum + d.rounds.length, 0),
      epochs: run.state.epoch,
      seconds,
    };
  } finally {
    await place.close();
  }
}
