/** The faults, one row of the table each. */
import { setTimeout as pause } from "node:timers/promises";
import { kill } from "../support/e2e-processes.ts";
import type { World } from "../support/user-world.ts";
import { cutJournal, halfWrite, leaveLocks, tearJournal } from "./damage.ts";
import { killAll, type Victim, victims } from "./processes.ts";
import type { Random } from "./random.ts";
import { ID } from "./story.ts";

export interface Fault {
  readonly name: string;
  /** In words, for the table. */
  readonly title: string;
  /** Who must be there to be struck; the strike waits for it. Default: nobody in particular. */
  readonly needs?: Victim;
  strike(world: World, random: Random): Promise<void>;
}

const FROZEN_MS = 1500;

const killed = (name: string, title: string, ...who: readonly Victim[]): Fault => ({
  name,
  title,
  ...(who.length === 1 && who[0] !== undefined ? { needs: who[0] } : {}),
  strike: async (world) => killAll((await Promise.all(who.map((one) => victims(world, one)))).flat()),
});

const signalled = (name: string, title: string, who: Victim, signal: NodeJS.Signals): Fault => ({
  name,
  title,
  needs: who,
  strike: async (world) => {
    for (const { pid } of await victims(world, who)) kill(pid, signal);
  },
});

const frozen = (name: string, title: string, who: Victim): Fault => ({
  name,
  title,
  needs: who,
  strike: async (world) => {
    const found = await victims(world, who);
    for (const { pid } of found) kill(pid, "SIGSTOP");
    await pause(FROZEN_MS);
    for (const { pid } of found) kill(pid, "SIGCONT");
  },
});

/** Nobody wakes it: whoever needs it has to. */
const forgotten = (name: string, title: string, who: Victim): Fault => signalled(name, title, who, "SIGSTOP");

const powerCut = (
  name: string,
  title: string,
  ...damages: readonly ((world: World, random: Random) => void)[]
): Fault => ({
  name,
  title,
  strike: async (world, random) => {
    await killAll(await victims(world, "everything"));
    for (const damage of damages) damage(world, random);
  },
});

export const FAULTS: readonly Fault[] = [
  killed("coordinator-kill", "coordinator: SIGKILL", "coordinator"),
  signalled("coordinator-term", "coordinator: SIGTERM", "coordinator", "SIGTERM"),
  frozen("coordinator-stop", "coordinator: SIGSTOP, then SIGCONT", "coordinator"),
  forgotten("coordinator-frozen", "coordinator: SIGSTOP, and nobody wakes it", "coordinator"),
  killed("host-kill", "session host: SIGKILL", "host"),
  signalled("host-term", "session host: SIGTERM", "host", "SIGTERM"),
  frozen("host-stop", "session host: SIGSTOP, then SIGCONT", "host"),
  forgotten("host-frozen", "session host: SIGSTOP, and nobody wakes it", "host"),
  killed("watchdog-kill", "watchdog: SIGKILL", "watchdog"),
  killed("agent-kill", "agent: SIGKILL", "agent"),
  signalled("agent-term", "agent: SIGTERM", "agent", "SIGTERM"),
  frozen("agent-stop", "agent: SIGSTOP, then SIGCONT", "agent"),
  killed("coordinator-host", "coordinator and session host: SIGKILL", "coordinator", "host"),
  killed("host-watchdog", "session host and watchdog: SIGKILL", "host", "watchdog"),
  killed("ours", "coordinator, session host and watchdog: SIGKILL", "coordinator", "host", "watchdog"),
  killed("everything", "every process at once: SIGKILL", "everything"),
  powerCut("torn-journal", "power cut: journal with half a record more", (world, random) =>
    tearJournal(world, ID, random),
  ),
  powerCut("cut-journal", "power cut: last record of the journal lost", (world, random) =>
    cutJournal(world, ID, random),
  ),
  powerCut("half-written", "power cut: half-written files and locks everywhere", halfWrite, leaveLocks),
];
