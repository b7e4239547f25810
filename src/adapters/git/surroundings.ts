/**
 * The port `SurroundingsWatch`.
 *
 * Owns: `<common dir>/signalbox/<workflow>/surroundings/`: the photo of each session that is under way, what was found once it
 * has ended, and files of git that were moved aside.
 */
import { lstat, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Surroundings, Trespass } from "../../core/trespass/surroundings.ts";
import type { SurroundingsWatch } from "../../ports/surroundings.ts";
import { readFileIfThere, readJsonIfThere } from "../fs/read-file.ts";
import { replaceFile } from "../fs/replace-file.ts";
import type { RepositoryContext } from "./context.ts";
import { discover, type OpenOptions } from "./discover.ts";
import { gitFileText, photograph } from "./photograph.ts";
import { localSettings } from "./programs.ts";

const PRIVATE = { mode: 0o600 };

/** Of the repository around `cwd`. Errors: see `discover`. */
export async function openSurroundings(cwd: string, options: OpenOptions = {}): Promise<SurroundingsWatch> {
  const context = await discover(cwd, options);
  const place = (workflow: string, session: string, kind: string): string =>
    join(folderOf(context.commonDir, workflow), `${session.replaceAll("/", "+")}.${kind}`);
  const before = (workflow: string, session: string): Promise<Surroundings | null> =>
    readJsonIfThere<Surroundings>(place(workflow, session, "before.json"));
  return {
    begin: async (workflow, session) => {
      if ((await before(workflow, session)) !== null) return;
      await context.trust.begin(session);
      await replaceFile(
        place(workflow, session, "before.json"),
        JSON.stringify(await photograph(context)),
        PRIVATE,
      );
    },
    end: async (workflow, session) => {
      const photo = await before(workflow, session);
      if (photo === null) return null;
      await context.trust.end(session);
      return { before: photo, after: await photograph(context) };
    },
    undo: (workflow, session, trespass) => undo(context, place(workflow, session, "aside"), trespass),
    record: (workflow, session, found) =>
      replaceFile(place(workflow, session, "found.json"), `${JSON.stringify(found)}\n`, PRIVATE),
    finish: (workflow, session) => rm(place(workflow, session, "before.json"), { force: true }),
    recorded: (workflow, session) =>
      readJsonIfThere<readonly Trespass[]>(place(workflow, session, "found.json")),
  };
}

/** What was found with all sessions of a workflow, for telling a person. */
export async function recordedTrespasses(
  commonDir: string,
  workflow: string,
): Promise<readonly { readonly session: string; readonly found: readonly Trespass[] }[]> {
  const folder = folderOf(commonDir, workflow);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".found.json")).sort();
  return Promise.all(
    names.map(async (name) => ({
      session: name.slice(0, -".found.json".length).replaceAll("+", "/"),
      found: (await readJsonIfThere<readonly Trespass[]>(join(folder, name))) ?? [],
    })),
  );
}

function folderOf(commonDir: string, workflow: string): string {
  return join(commonDir, "signalbox", workflow, "surroundings");
}

async function undo(context: RepositoryContext, aside: string, trespass: Trespass): Promise<string | null> {
  if (!trespass.named || trespass.before === undefined || trespass.now === undefined) return null;
  if (trespass.kind === "setting") return undoSetting(context, trespass.name, trespass.before, trespass.now);
  if (trespass.kind === "git-file")
    return undoFile(context, aside, trespass.name, trespass.before, trespass.now);
  return null;
}

/** Only in the repository's own file, and only while the setting still has the value that the session gave it. */
async function undoSetting(
  { git }: RepositoryContext,
  key: string,
  before: string | null,
  now: string | null,
): Promise<string | null> {
  const done = before === null ? "It was taken away." : "It was put back as it was.";
  const current = await settingNow(git, key);
  if (current === before) return done; // by an earlier call that nobody heard the answer of
  if (current !== now) return null;
  if (now !== null) await git.run(["config", "--local", "--unset-all", key], { accept: [5] });
  for (const value of before?.split("\0") ?? []) await git.run(["config", "--local", "--add", key, value]);
  return (await settingNow(git, key)) === before ? done : null;
}

async function settingNow(git: RepositoryContext["git"], key: string): Promise<string | null> {
  const values = (await localSettings(git)).filter((it) => it.key === key).map((it) => it.value);
  return values.length === 0 ? null : values.join("\0");
}

/** What the session left is moved aside, then the former content comes back. Links are left alone. */
async function undoFile(
  { commonDir }: RepositoryContext,
  aside: string,
  path: string,
  before: string | null,
  now: string | null,
): Promise<string | null> {
  const file = join(commonDir, path);
  const stats = await lstat(file).catch(() => null);
  if ((stats !== null && !stats.isFile()) || before?.startsWith("\0")) return null;
  const done =
    before === null
      ? "It was moved aside."
      : "It was put back as it was; what the session left is kept aside.";
  const content = await readFileIfThere(file);
  const current = content === null ? null : gitFileText(content);
  const movedAside = (await lstat(join(aside, path)).catch(() => null)) !== null;
  if (current === before && (movedAside || now === null)) return done;
  // Dead between the two steps, it was moved and what was there before has not come back yet.
  if (current !== now && !(current === null && movedAside)) return null;
  if (stats !== null) {
    await mkdir(dirname(join(aside, path)), { recursive: true, mode: 0o700 });
    await rename(file, join(aside, path));
  }
  if (before !== null) await writeFile(file, before, { mode: stats === null ? 0o755 : stats.mode });
  return done;
}
