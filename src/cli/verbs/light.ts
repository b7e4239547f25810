/**
 * Verbs that read journals or send one command to the coordinator, in one place to be loaded together: one file more costs a command
 * that looks more than code that it does not run. Nothing here may load YAML, schemas, git or the engine before it is needed.
 */
export { approve, reject } from "./approve.ts";
export { budget } from "./budget.ts";
export { complete } from "./complete.ts";
export { completion } from "./completion.ts";
export { decide } from "./decide.ts";
export { retry, skip } from "./direct.ts";
export { events } from "./events.ts";
export { inbox } from "./inbox.ts";
export { land } from "./land.ts";
export { answer, interrupt, say, stopSlot } from "./live.ts";
export { logs } from "./logs.ts";
export { block, note, unblock } from "./note.ts";
export { overview } from "./overview.ts";
export { ps } from "./ps.ts";
export { rewind } from "./rewind.ts";
export { sendBack } from "./send-back.ts";
export { show } from "./show.ts";
export { status } from "./status.ts";
export { cancel, pause } from "./stop.ts";
export { watch } from "./watch.ts";
