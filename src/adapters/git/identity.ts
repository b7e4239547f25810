/** Who our commits are by: the user's own identity from the git configuration, else Signalbox (design §11 no. 2). */
import type { Environment, Git } from "./git.ts";

/** Variables that name author and committer. Both parts must be configured: git's guess from host and login is no identity. */
export async function identityEnvironment(git: Git): Promise<Environment> {
  const name = await configured(git, "user.name");
  const email = await configured(git, "user.email");
  const [who, address] = name === "" || email === "" ? ["Signalbox", "signalbox@localhost"] : [name, email];
  return {
    GIT_AUTHOR_NAME: who,
    GIT_AUTHOR_EMAIL: address,
    GIT_COMMITTER_NAME: who,
    GIT_COMMITTER_EMAIL: address,
  };
}

async function configured(git: Git, key: string): Promise<string> {
  return (await git.text(["config", "--get", key], { accept: [1] })).trim();
}
