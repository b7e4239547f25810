/**
 * The write boundary as a program: a `PreToolUse` command hook of the `claude` command. The rule is its only argument
 * (base64url of JSON), the tool call comes on stdin. Exit code 0 lets the call run, 2 blocks it with the reason on stderr.
 * Anything unexpected blocks: a hook that fails open is no boundary.
 */
import { refuseWrite, type WriteBoundary, writeTarget } from "./write-boundary.ts";

const chunks: Buffer[] = [];
process.stdin.on("data", (chunk: Buffer) => chunks.push(chunk));
process.stdin.on("end", () => {
  const reason = decide(process.argv[2] ?? "", Buffer.concat(chunks).toString("utf8"));
  if (reason !== null) process.stderr.write(`${reason}\n`);
  process.exitCode = reason === null ? 0 : 2;
});

function decide(rule: string, call: string): string | null {
  try {
    const boundary = JSON.parse(Buffer.from(rule, "base64url").toString("utf8")) as WriteBoundary;
    const { tool_input, cwd } = JSON.parse(call) as { readonly tool_input?: unknown; readonly cwd?: string };
    return refuseWrite(boundary, cwd ?? process.cwd(), writeTarget(tool_input));
  } catch (error) {
    return `the write boundary could not be checked: ${error instanceof Error ? error.message : String(error)}`;
  }
}
