/** Makes a failing history short: leaves faults out as long as the same invariant still does not hold. */
import { type History, playHistory } from "./history.ts";
import type { Fault } from "./story/faults.ts";

/** The history of a seed with as few of its faults as fail in the same way, with its trace. */
export async function shrink(failed: History): Promise<History> {
  const wanted = failed.failure?.invariant;
  const isSame = ({ failure }: History): boolean => failure?.invariant === wanted;
  let faults: readonly Fault[] = failed.faults;
  for (let index = 0; index < faults.length; ) {
    const fewer = faults.toSpliced(index, 1);
    if (isSame(await playHistory(failed.seed, { faults: fewer }))) faults = fewer;
    else index += 1;
  }
  return playHistory(failed.seed, { faults, trace: true });
}
