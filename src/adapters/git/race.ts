/** Messages that git prints when it reads what another git process is just making or removing (measured with git 2.39). */
const RACES: readonly RegExp[] = [
  /failed to read .*worktrees\/[^/]+\/(commondir|gitdir|HEAD)/,
  /worktrees\/[^/]+\/(commondir|gitdir|HEAD|locked)'?: No such file or directory/,
  // `git gc` prunes the folder of a worktree that another process is just adding: it has no `gitdir` file yet.
  /could not open '[^']*worktrees\/[^']*' for writing: No such file or directory/,
  /(bad object|unable to resolve reference|invalid sha1 pointer in) '?worktrees\//,
  /could not lock config file/,
  /Unable to create '[^']*\.lock': File exists/,
  /unable to (delete|create|write) .*packed-refs/,
  // `git gc` removes folders of loose objects that it has just emptied, also one in which another process is about to write.
  /unable to (create temporary file|(write|rename temporary) file [^\n]*objects\/[^\n]*): No such file or directory/,
];

/** The lock of an index is held as long as a person's or an agent's command runs: waiting for it is another's decision. */
const NOT_A_RACE = /index\.lock': File exists/;

/** True when trying the same command again soon can succeed. */
export function isRaceMessage(stderr: string): boolean {
  return !NOT_A_RACE.test(stderr) && RACES.some((pattern) => pattern.test(stderr));
}
