/** Verbs that show differences, to be loaded together with git: see `light.ts`. */
export { diff } from "./diff.ts";
export { review } from "./review.ts";
