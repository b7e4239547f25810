/** Many files of many commits through one git process. */
import { runProgram } from "../../src/adapters/process/spawn.ts";
import { GIT_ENV, type Scratch } from "../support/scratch-repository.ts";

/** Contents by `<commit>:<path>`; what is not there is left out. */
export async function readBlobs(
  { root }: Scratch,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await runProgram("git", ["cat-file", "--batch"], {
    cwd: root,
    env: GIT_ENV,
    input: `${names.join("\n")}\n`,
    maxBytes: 2 ** 30,
  });
  const found = new Map<string, string>();
  let at = 0;
  for (const name of names) {
    const end = stdout.indexOf("\n", at);
    const size = /^\S+ blob (\d+)$/.exec(stdout.subarray(at, end).toString("utf8"))?.[1];
    at = end + 1;
    if (size === undefined) continue;
    found.set(name, stdout.subarray(at, at + Number(size)).toString("utf8"));
    at += Number(size) + 1;
  }
  return found;
}
