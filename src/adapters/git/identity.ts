/** Who our commits are by where git knows no user: variables that name author and committer. */
import { createGit, type Environment } from "./git.ts";

export const SIGNALBOX: Environment = {
  GIT_AUTHOR_NAME: "Signalbox",
  GIT_AUTHOR_EMAIL: "signalbox@localhost",
  GIT_COMMITTER_NAME: "Signalbox",
  GIT_COMMITTER_EMAIL: "signalbox@localhost",
};

/** True where git knows a name and an address to commit by. */
export async function knowsUser(commonDir: string, env: Environment): Promise<boolean> {
  const result = await createGit(commonDir, env).run(
    ["-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT"],
    { accept: [1, 128] },
  );
  return result.code === 0;
}
