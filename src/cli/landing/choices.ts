/** The ways to land, with what each would do here and why it may not be possible. */
import type { Landing } from "../../core/workflow/deliverable.ts";
import type { LandingDependencies } from "../../engine/landing-place.ts";
import type { Context } from "../context.ts";
import { countText } from "../output/units.ts";

export interface Choice {
  readonly way: Landing["way"];
  /** What it does, one line. */
  readonly does: string;
  /** Why it cannot be done now; null where it can. */
  readonly problem: string | null;
}

/** All three, in the order in which they are offered. Asks git and `gh`, changes nothing. */
export async function choicesOf(
  deps: LandingDependencies,
  target: string,
  whole: boolean,
): Promise<readonly Choice[]> {
  const [here, remote] = await Promise.all([hereChoice(deps, target), deps.site.remote(target)]);
  const where = remote === null ? target : `${remote.remote}/${remote.branch}`;
  const none = remote === null ? "no remote is configured" : null;
  const gh = remote === null ? null : await deps.pullRequests.available();
  return [
    here,
    { way: "push", does: `to ${where}; your checkout is not touched`, problem: none },
    {
      way: "pr",
      does: `a pull request to ${where}${whole ? "" : " for each slot"}`,
      problem: none ?? gh?.reason ?? null,
    },
  ];
}

async function hereChoice({ site }: LandingDependencies, target: string): Promise<Choice> {
  const local = await site.local(target);
  if (local === null) return { way: "here", does: `on ${target}`, problem: `there is no branch ${target}` };
  const { checkout } = local;
  if (checkout === null)
    return { way: "here", does: `on ${target}, which is checked out nowhere`, problem: null };
  const changed = checkout.changed.length;
  return {
    way: "here",
    does: `on ${target} in ${checkout.path}`,
    problem:
      changed === 0
        ? null
        : `${countText(changed, "file")} there ${changed === 1 ? "has" : "have"} uncommitted changes`,
  };
}

/** What can land, and how that is typed. */
export interface Offer {
  /** Slots, or the workflow where it lands as a whole. */
  readonly slots: readonly string[];
  /** Such as `land login`. */
  readonly command: string;
}

/** The choices as they are printed where nobody can be asked. */
export function wayLines(
  { output }: Context,
  { slots, command: typed }: Offer,
  choices: readonly Choice[],
): readonly string[] {
  const { style } = output;
  const what = typed.startsWith("land -w") ? "The workflow" : countText(slots.length, "slot");
  return [
    `${what} can land: ${slots.join(", ")}`,
    "",
    ...choices.map(({ way, does, problem }) => {
      const command = `signalbox ${typed} --${way}`.padEnd(`signalbox ${typed} --here`.length);
      return `  ${command}  ${style.dim(problem === null ? does : `not now: ${problem}`)}`;
    }),
  ];
}

/** The way that a person chooses on the terminal; null where nobody can be asked, or nothing was chosen. */
export async function askWay(
  { canAsk }: Context,
  { slots }: Offer,
  choices: readonly Choice[],
): Promise<Landing["way"] | null> {
  if (!canAsk) return null;
  const clack = await import("@clack/prompts");
  const answer = await clack.select<Landing["way"] | "later">({
    message: `Land ${slots.join(", ")}`,
    options: [
      ...choices.map(({ way, does, problem }) => ({
        value: way,
        label: `--${way}`,
        hint: problem ?? does,
        disabled: problem !== null,
      })),
      { value: "later" as const, label: "not now" },
    ],
    output: process.stderr,
  });
  return clack.isCancel(answer) || answer === "later" ? null : answer;
}
