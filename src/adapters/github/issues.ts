/** Issues of the repository's GitHub project through the user's own `gh`, which knows login, host and remote. */
import { SignalboxError } from "../../core/errors.ts";
import type { RunResult } from "../process/spawn.ts";
import { GH_TIMEOUT_MS, type GhOptions, runGh } from "./gh.ts";

/** An issue as its authors wrote it: text of others. */
export interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly url: string;
  readonly open: boolean;
}

const AT_ONCE = 4;
const MISSING = {
  message: "--issue reads issues with the program gh, which is not installed",
  hint: "Or give the task in words: signalbox dispatch 'Fix #41: …'",
};

/** The number in `41` or `#41`; null for anything else, so that nothing typed can become an option of `gh`. */
export function issueNumber(text: string): number | null {
  const digits = /^#?(\d{1,9})$/.exec(text)?.[1];
  return digits === undefined || Number(digits) === 0 ? null : Number(digits);
}

/**
 * Reads issues in the given order. Throws `SignalboxError`: `gh-missing`, `gh-login`, `gh-no-remote`, `unknown-issue`,
 * `gh-failed` with the words of `gh`.
 */
export async function readIssues(numbers: readonly number[], options: GhOptions): Promise<readonly Issue[]> {
  const issues: Issue[] = [];
  for (let at = 0; at < numbers.length; at += AT_ONCE)
    issues.push(...(await Promise.all(numbers.slice(at, at + AT_ONCE).map((n) => readIssue(n, options)))));
  return issues;
}

async function readIssue(number: number, options: GhOptions): Promise<Issue> {
  const args = ["issue", "view", String(number), "--json", "number,title,body,url,state"];
  const result = await runGh(args, options, MISSING);
  if (result.code !== 0) throw failure(number, result);
  return parseIssue(number, result.stdout.toString("utf8"));
}

function failure(number: number, { stderr, code, timedOut }: RunResult): SignalboxError {
  const words = stderr.trim().split("\n")[0] ?? "";
  if (timedOut)
    return new SignalboxError(
      "environment",
      "gh-failed",
      `gh did not answer within ${GH_TIMEOUT_MS / 1000} s for issue ${number}`,
      [`See what it waits for: gh issue view ${number}`],
    );
  if (/auth login|not logged in|authentication|HTTP 401|Bad credentials/i.test(stderr) || code === 4)
    return new SignalboxError("auth", "gh-login", `gh is not logged in, so issue ${number} cannot be read`, [
      "Log in: gh auth login",
    ]);
  if (/no git remotes|none of the git remotes|not a git repository|set-default/i.test(stderr))
    return new SignalboxError(
      "user",
      "gh-no-remote",
      `gh knows no GitHub repository for this one, so there is no issue ${number}: ${words}`,
      ["See the remotes: git remote -v", "Choose the one that has the issues: gh repo set-default"],
    );
  if (/could not resolve to an? (issue|pull)|no issue|HTTP 404|HTTP 410/i.test(stderr))
    return new SignalboxError("user", "unknown-issue", `There is no issue ${number}: ${words}`, [
      "List them: gh issue list",
    ]);
  return new SignalboxError(
    "environment",
    "gh-failed",
    `gh could not read issue ${number} (exit code ${code ?? "none"}): ${words || "it said nothing"}`,
    [`Try it: gh issue view ${number}`],
  );
}

function parseIssue(number: number, text: string): Issue {
  const value: unknown = safeJson(text);
  const fields =
    typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const { title, body, url, state } = fields;
  if (typeof title !== "string")
    throw new SignalboxError(
      "environment",
      "gh-failed",
      `gh answered for issue ${number} with something that is no issue`,
      ["See its version, 2 or later is needed: gh --version"],
    );
  return {
    number,
    title,
    body: typeof body === "string" ? body : "",
    url: typeof url === "string" ? url : "",
    open: state !== "CLOSED" && state !== "MERGED",
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
