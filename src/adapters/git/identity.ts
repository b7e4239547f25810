/** Who our commits are by where git knows no user: variables that name author and committer. */
import type { Environment } from "./git.ts";

export const SIGNALBOX: Environment = {
  GIT_AUTHOR_NAME: "Signalbox",
  GIT_AUTHOR_EMAIL: "signalbox@localhost",
  GIT_COMMITTER_NAME: "Signalbox",
  GIT_COMMITTER_EMAIL: "signalbox@localhost",
};
