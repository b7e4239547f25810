/**
 * Who may have the user's secret files: asked once for each file of a repository, remembered on this machine.
 *
 * Owns: `consent.json` below the git common dir. Configuration that names a file without a wildcard is consent in writing.
 */
import { join } from "node:path";
import picomatch from "picomatch";
import { readJsonIfThere } from "../fs/read-file.ts";
import { replaceFile } from "../fs/replace-file.ts";

export interface ConsentAnswer {
  readonly allowed: boolean;
  readonly by: string;
  /** ISO time. */
  readonly at: string;
}

interface Content {
  readonly version: 1;
  /** By repository-relative path. */
  readonly files: Readonly<Record<string, ConsentAnswer>>;
}

export interface Consent {
  /** True = may be copied, false = refused by a person, null = nobody was asked. */
  of(path: string): Promise<boolean | null>;
  remember(paths: readonly string[], answer: ConsentAnswer): Promise<void>;
}

/** Consent of one repository; `written` are the patterns of `provision.copy` in the configuration (not in a definition). */
export function openConsent(commonDir: string, written: () => Promise<readonly string[]>): Consent {
  const file = join(commonDir, "signalbox", "consent.json");
  const load = async (): Promise<Content["files"]> =>
    (await readJsonIfThere<Partial<Content>>(file))?.files ?? {};
  return {
    of: async (path) => {
      const literal = (await written()).filter((pattern) => !picomatch.scan(pattern).isGlob);
      if (literal.includes(path)) return true;
      const files = await load();
      return Object.hasOwn(files, path) ? files[path]?.allowed === true : null;
    },
    remember: async (paths, answer) => {
      const files = { ...(await load()), ...Object.fromEntries(paths.map((path) => [path, answer])) };
      const content: Content = { version: 1, files };
      await replaceFile(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    },
  };
}

/** How to allow a file, in words that stand alone. */
export function allowanceText(paths: readonly string[]): string {
  return `to allow it, write \`provision: { copy: [${paths.join(", ")}] }\` into signalbox.yaml and commit it`;
}
