/** Who our commits are by: the user's own identity from the git configuration, else Signalbox (design §11 no. 2). */
import type { Environment, Git } from "./git.ts";

/** Variables that name author and committer. Both parts must be configured: git's guess from host and login is no identity. */
export async function identityEnvironment(git: Git): Promise<Environment> {
  const { name, email } = await configured(git);
  const [who, address] = name === "" || email === "" ? ["Signalbox", "signalbox@localhost"] : [name, email];
  return {
    GIT_AUTHOR_NAME: who,
    GIT_AUTHOR_EMAIL: address,
    GIT_COMMITTER_NAME: who,
    GIT_COMMITTER_EMAIL: address,
  };
}

/** Empty where nothing is set. Of several values the last one counts, as for git itself. */
async function configured(git: Git): Promise<{ readonly name: string; readonly email: string }> {
  const args = ["config", "-z", "--get-regexp", "^user\\.(name|email)$"];
  const { stdout } = await git.run(args, { accept: [1] });
  const found = stdout
    .toString("utf8")
    .split("\0")
    .map((entry) => [entry.slice(0, entry.indexOf("\n")), entry.slice(entry.indexOf("\n") + 1).trim()]);
  const { "user.name": name = "", "user.email": email = "" } = Object.fromEntries(found);
  return { name, email };
}
