/** Fresh ids. */
import { createHash, randomUUID } from "node:crypto";
import type { IdSource } from "../../ports/clock.ts";

/** Random version 4 UUIDs. */
export function createSystemIds(): IdSource {
  return { uuid: () => randomUUID() };
}

/** The same seed gives the same sequence of well-formed UUIDs; for rehearsals and tests. */
export function createSeededIds(seed: string): IdSource {
  let count = 0;
  return {
    uuid: () => {
      count += 1;
      const hex = createHash("sha256").update(`${seed}/${count}`).digest("hex");
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `8${hex.slice(17, 20)}`,
        hex.slice(20, 32),
      ].join("-");
    },
  };
}
