/** The environment of commands that a project asks for: checks and provisioning steps (design §11 no. 11). */
import { tmpdir } from "node:os";
import type { RunSettings } from "../../core/definition.ts";

type Source = Readonly<Record<string, string | undefined>>;

const KEPT = ["PATH", "HOME", "LANG", "TMPDIR"] as const;

/** PATH, HOME, LANG and TMPDIR of `source`, then the variables named in `env.pass`, then `env.set`. Nothing else. */
export function commandEnvironment(
  source: Source,
  env: RunSettings["env"],
): Readonly<Record<string, string>> {
  const taken = [...KEPT, ...env.pass].flatMap((name) => {
    const value = source[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    LANG: "C.UTF-8",
    TMPDIR: tmpdir(),
    ...Object.fromEntries(taken),
    ...env.set,
  };
}
