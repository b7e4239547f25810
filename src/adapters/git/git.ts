/**
 * The one place that runs git.
 *
 * Invariants:
 * - G1: no hook, fsmonitor, signing, pager, external diff, automatic garbage collection or program that a session put into the
 *   settings runs because of us.
 * - G2: a child sees none of the caller's `GIT_*` variables, so a hook or an agent cannot point it at another repository.
 * - G3: only messages of the known races of git with itself are tried again; every other failure is reported at once.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { SignalboxError } from "../../core/errors.ts";
import { runByShell } from "../process/shell-runner.ts";
import type { RunResult } from "../process/spawn.ts";
import { isRaceMessage } from "./race.ts";

export type Environment = Readonly<Record<string, string>>;

interface GitCall {
  readonly input?: string | Uint8Array;
  /** Added to the environment, such as `GIT_INDEX_FILE`. */
  readonly env?: Environment;
  /** Exit codes that are an answer and no failure; default only 0. */
  readonly accept?: readonly number[];
}

interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs git in one folder with one environment. */
export interface Git {
  readonly cwd: string;
  run(args: readonly string[], call?: GitCall): Promise<GitResult>;
  /** stdout as text without its last line end. */
  text(args: readonly string[], call?: GitCall): Promise<string>;
  /** True for exit code 0, false for 1, an error for any other. */
  test(args: readonly string[], call?: GitCall): Promise<boolean>;
  /** The same in another folder and with more variables. */
  within(cwd: string, env?: Environment): Git;
}

const SETTINGS = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "commit.gpgsign=false",
  "core.quotePath=false",
  "core.splitIndex=false",
  "core.safecrlf=false",
  "advice.graftFileDeprecated=false",
  "core.fsync=committed,loose-object",
  "gc.auto=0",
  "maintenance.auto=false",
  "submodule.recurse=false",
  "branch.autoSetupMerge=false",
  "worktree.guessRemote=false",
  "log.showSignature=false",
  "merge.conflictStyle=merge",
  "diff.noprefix=false",
  "diff.mnemonicPrefix=false",
  "color.ui=false",
  "advice.addEmbeddedRepo=false",
];

/** Tests and containers choose their configuration files with these; they cannot point git at another repository. */
const KEPT = new Set(["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"]);

const TRIES = 8;
const TIMEOUT_MS = 15 * 60_000;

/** Environment for git: the source without `GIT_*` variables, plain C messages, no prompts, no opportunistic index writes. */
export function gitEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const entries = Object.entries(source).flatMap(([name, value]) =>
    value === undefined || (name.startsWith("GIT_") && !KEPT.has(name)) ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(entries),
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_PAGER: "cat",
    GIT_EDITOR: "true",
    // Objects and ancestry are what they are: a replacement would put other content into an approved commit.
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_GRAFT_FILE: "/dev/null",
  };
}

/**
 * Runner for `cwd`. Throws `SignalboxError` kind `environment`, codes `git-missing`, `git-failed`, `git-timeout`, with the
 * command and git's own words. `guard` gives more variables for every call, by git folder: see `config-trust.ts`.
 */
export function createGit(cwd: string, env: Environment, guard?: Guard): Git {
  const run = async (args: readonly string[], call: GitCall = {}): Promise<GitResult> => {
    const guarded = { ...env, ...(await guardOf(env, guard)) };
    for (let attempt = 1; ; attempt += 1) {
      const result = await runOnce(cwd, guarded, args, call);
      const code = result.code ?? -1;
      if (code === 0) return { ...result, code };
      if (attempt < TRIES && isRaceMessage(result.stderr)) {
        // Random, so that two that collided do not collide again.
        await sleep(10 * 2 ** attempt * (0.5 + Math.random()));
        continue;
      }
      if (call.accept?.includes(code)) return { ...result, code };
      throw failure(cwd, args, result);
    }
  };
  return {
    cwd,
    run,
    text: async (args, call) => (await run(args, call)).stdout.toString("utf8").replace(/\r?\n$/, ""),
    test: async (args, call) => (await run(args, { ...call, accept: [1] })).code === 0,
    within: (folder, more) => createGit(folder, { ...env, ...more }, guard),
  };
}

/** Variables that keep git from obeying settings; `gitDir` is null for the repository itself. */
export type Guard = (gitDir: string | null) => Promise<Environment>;

/** Another repository (`GIT_DIR` relative to its folder) has settings of its own, and whoever goes there has seen to them. */
async function guardOf(env: Environment, guard: Guard | undefined): Promise<Environment> {
  const gitDir = env.GIT_DIR;
  if (guard === undefined || (gitDir !== undefined && !gitDir.startsWith("/"))) return {};
  return guard(gitDir ?? null);
}

async function runOnce(
  cwd: string,
  env: Environment,
  args: readonly string[],
  call: GitCall,
): Promise<RunResult> {
  const full = [...SETTINGS.flatMap((setting) => ["-c", setting]), ...args];
  const options = { cwd, env: { ...env, ...call.env }, timeoutMs: TIMEOUT_MS };
  const input = call.input === undefined ? {} : { input: call.input };
  const result = await runByShell("git", full, { ...options, ...input });
  if (result.code === NO_FOLDER || result.code === NO_PROGRAM) throw notStarted(cwd, result);
  return result;
}

/** Codes of a shell; git has none of them. */
const NO_FOLDER = 126;
const NO_PROGRAM = 127;

function notStarted(cwd: string, { stderr }: RunResult): SignalboxError {
  return new SignalboxError(
    "environment",
    "git-missing",
    `git could not be started in ${cwd}: ${stderr.trim()}`,
    ["git 2.38 or later must be on the PATH. To see what is there, run: git --version"],
  );
}

function failure(cwd: string, args: readonly string[], result: RunResult): SignalboxError {
  const command = `git -C ${cwd} ${args.join(" ")}`.slice(0, 400);
  if (result.timedOut)
    return new SignalboxError(
      "environment",
      "git-timeout",
      `${command} did not end within ${TIMEOUT_MS / 60_000} minutes`,
    );
  const words = result.stderr.trim().slice(-2000) || `exit code ${result.code ?? result.signal}`;
  return new SignalboxError("environment", "git-failed", `${command} failed: ${words}`);
}
