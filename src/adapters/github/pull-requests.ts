/** The port `PullRequests` over the user's own `gh`. */
import { SignalboxError } from "../../core/errors.ts";
import type { PullRequest, PullRequests } from "../../ports/landing.ts";
import { type GhOptions, runGh } from "./gh.ts";

const MISSING = {
  message: "Pull requests are opened with the program gh, which is not installed",
  hint: "To get it: https://cli.github.com",
};

/** Pull requests of the repository that `gh` finds in `options.cwd`. */
export function createPullRequests(options: GhOptions): PullRequests {
  return { available: () => available(options), open: (request) => open(options, request) };
}

async function available(options: GhOptions): Promise<{ reason: string; hint: string } | null> {
  try {
    const { code } = await runGh(["auth", "status"], options, MISSING);
    return code === 0 ? null : { reason: "gh is not logged in", hint: "Log in: gh auth login" };
  } catch (error) {
    if (!(error instanceof SignalboxError)) throw error;
    return { reason: error.message, hint: error.hints[0] ?? MISSING.hint };
  }
}

async function open(options: GhOptions, request: PullRequest): Promise<{ readonly url: string }> {
  const before = await existing(options, request.head);
  if (before !== null) return { url: before };
  const { title, base, head, body } = request;
  const args = ["pr", "create", "--title", title, "--base", base, "--head", head, "--body-file", "-"];
  const result = await runGh(args, options, MISSING, body);
  const url = addressIn(result.stdout.toString("utf8"));
  if (result.code === 0 && url !== null) return { url };
  const words = result.stderr.trim() || `exit code ${result.code ?? "none"}`;
  throw new SignalboxError(
    "environment",
    "pull-request",
    `${head} is pushed, but gh could not open its pull request: ${words}`,
    [`Open it by hand: gh pr create --base ${base} --head ${head}`],
  );
}

async function existing(options: GhOptions, head: string): Promise<string | null> {
  const args = ["pr", "list", "--head", head, "--state", "open", "--json", "url", "--jq", ".[0].url"];
  const result = await runGh(args, options, MISSING);
  return result.code === 0 ? addressIn(result.stdout.toString("utf8")) : null;
}

function addressIn(text: string): string | null {
  return /https?:\/\/\S+/.exec(text)?.[0] ?? null;
}
