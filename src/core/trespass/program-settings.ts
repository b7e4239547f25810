/**
 * Settings of git that name a program which git runs by itself, or a door through which one comes in (P7). Keys are written as
 * git lists them: section and name in lower case.
 */

/** Programs for content: they run when a file is added, checked out, merged. */
export const CONTENT_PROGRAM = /^(filter\..+\.(clean|smudge|process)|merge\..+\.driver)$/;

/** Programs and doors that only matter when git talks to somebody. A partial clone does so by itself. */
export const NETWORK_PROGRAM =
  /^(core\.(sshcommand|gitproxy|askpass|alternaterefscommand)|credential\.(.+\.)?helper|remote\..+\.(uploadpack|receivepack|vcs)|protocol\.(.+\.)?allow|extensions\.partialclone)$/;

/** Programs that our own git never runs (`git.ts` G1), but the person's does. */
const PERSONS =
  /^(core\.(hookspath|fsmonitor|editor|pager|attributesfile|worktree)|sequence\.editor|pager\..+|interactive\.difffilter|diff\.external|diff\..+\.(textconv|command)|difftool\..+\.(cmd|path)|mergetool\..+\.(cmd|path)|gpg\.(.+\.)?program|gpg\.ssh\.defaultkeycommand|trailer\..+\.(cmd|command)|tar\..+\.command|alias\..+|submodule\..+\.update|include\.path|includeif\..+\.path|extensions\.worktreeconfig)$/;

/** True for settings that our own git would obey while it adds, checks out, merges or fetches. */
export function isObeyed(key: string): boolean {
  return CONTENT_PROGRAM.test(key) || NETWORK_PROGRAM.test(key);
}

/** True for settings that name a program, or a door through which one comes in. */
export function runsPrograms(key: string): boolean {
  return isObeyed(key) || PERSONS.test(key);
}
