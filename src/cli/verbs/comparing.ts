/** Verbs that show differences or go to a worktree, to be loaded together with git: see `light.ts`. */
export { checkedComments } from "../review/checked-comments.ts";
export { attach } from "./attach.ts";
export { conflicts } from "./conflicts.ts";
export { diff } from "./diff.ts";
export { exec } from "./exec.ts";
export { merge } from "./merge.ts";
export { open } from "./open.ts";
export { resolve } from "./resolve.ts";
export { review } from "./review.ts";
export { write } from "./write.ts";
