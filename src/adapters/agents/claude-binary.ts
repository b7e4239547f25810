/** Finds the `claude` program: the one named in the environment, on PATH, or the one that comes with the Agent SDK. */
import { createRequire } from "node:module";
import path from "node:path";
import { isProgram, onPath } from "../process/on-path.ts";

export const SDK_PACKAGE = "@anthropic-ai/claude-agent-sdk";

/** Names another program than the one found by itself. */
const BINARY_VARIABLE = "SIGNALBOX_CLAUDE_BIN";

const resolver = createRequire(import.meta.url);

/** Entry file of the Agent SDK; null when it is not installed. */
export function sdkEntry(): string | null {
  return resolved(resolver, SDK_PACKAGE);
}

/** The program in the SDK's platform package; null when that optional package is missing. */
function bundledBinary(): string | null {
  const entry = sdkEntry();
  if (entry === null) return null;
  const fromSdk = createRequire(entry);
  const base = `${SDK_PACKAGE}-${process.platform}-${process.arch}`;
  return resolved(fromSdk, `${base}/claude`) ?? resolved(fromSdk, `${base}-musl/claude`);
}

/** Where to look first when the environment names nothing. */
export type Preference = "path" | "bundled";

/** Absolute path of the program; null when there is none. A name in the environment is taken as it is given. */
export function findClaude(
  env: Readonly<Record<string, string | undefined>>,
  prefer: Preference,
): string | null {
  const named = env[BINARY_VARIABLE];
  if (named !== undefined && named !== "")
    return isProgram(named) ? path.resolve(named) : onPath(named, env.PATH);
  const places = [() => onPath("claude", env.PATH), bundledBinary];
  const [first, second] = prefer === "path" ? places : places.toReversed();
  return first?.() ?? second?.() ?? null;
}

/** Why the program that the environment names cannot be used; null when it can, or when none is named. */
export function namedInVain(
  env: Readonly<Record<string, string | undefined>>,
): { readonly reason: string; readonly hint: string } | null {
  const named = env[BINARY_VARIABLE];
  if (named === undefined || named === "" || findClaude(env, "path") !== null) return null;
  return {
    reason: `${BINARY_VARIABLE} names ${named}, which is no program`,
    hint: `Name the right one, or use what is installed: unset ${BINARY_VARIABLE}`,
  };
}

function resolved(from: NodeJS.Require, name: string): string | null {
  try {
    return from.resolve(name);
  } catch {
    return null;
  }
}
