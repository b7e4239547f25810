/** Verbs that plan, prepare or coordinate, to be loaded together: see `light.ts`. */
export { adopt } from "./adopt.ts";
export { clean } from "./clean.ts";
export { config } from "./config.ts";
export { coordinator } from "./coordinator.ts";
export { demo } from "./demo.ts";
export { dispatch } from "./dispatch.ts";
export { docs } from "./docs.ts";
export { doctor } from "./doctor.ts";
export { init } from "./init.ts";
export { plan } from "./plan.ts";
export { restore } from "./restore.ts";
export { resume } from "./resume.ts";
export { run } from "./run.ts";
export { schema } from "./schema.ts";
export { sync } from "./sync.ts";
export { validate } from "./validate.ts";
