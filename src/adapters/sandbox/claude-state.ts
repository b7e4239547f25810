/**
 * What a confined Claude Code has of its own files: the login and the conversation that it continues, and nothing that other sessions
 * or the user's own Claude would run (settings, hooks, shell snapshots, servers).
 */
import { access, copyFile, mkdir, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { SessionSpec } from "../../ports/session-host.ts";
import type { Mount } from "./bubblewrap.ts";

export interface AgentState {
  readonly mounts: readonly Mount[];
  readonly env: Readonly<Record<string, string>>;
}

/** Names of longer folders are cut by the program, in a way of its own. */
const LONGEST_NAME = 200;

/**
 * `real` is the program's folder of the user, `own` a folder of the session that is seen at `at`. Makes the folder of the
 * conversation where it is missing, as the program itself would.
 */
export async function claudeState(
  spec: SessionSpec,
  real: string,
  { own, at }: { readonly own: string; readonly at: string },
): Promise<AgentState> {
  const projects = join(real, "projects");
  await mkdir(own, { recursive: true, mode: 0o700 });
  await mkdir(projects, { recursive: true, mode: 0o700 });
  const folders = await conversationFolders(spec, projects);
  for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 });
  // Servers and trust of the user are in it: the session has a copy.
  const settings = spec.env.CLAUDE_CONFIG_DIR ? real : (spec.env.HOME ?? real);
  await copyFile(join(settings, ".claude.json"), join(own, ".claude.json")).catch(() => undefined);
  const seen = await realpath(projects);
  const login = join(real, ".credentials.json");
  return {
    env: { CLAUDE_CONFIG_DIR: at },
    mounts: [
      { from: seen, at: join(at, "projects"), mode: "read" },
      ...folders.map((folder) => ({
        from: folder,
        at: join(at, "projects", folder.slice(projects.length)),
        mode: "write" as const,
      })),
      // A login that is renewed must reach the user's file: the old one counts no more.
      ...((await isThere(login))
        ? [{ from: await realpath(login), at: join(at, ".credentials.json"), mode: "write" as const }]
        : []),
    ],
  };
}

/** Where this conversation is or will be kept; all of them where its name cannot be told. */
async function conversationFolders(spec: SessionSpec, projects: string): Promise<readonly string[]> {
  const name = spec.cwd.replaceAll(/[^A-Za-z0-9]/g, "-");
  if (name.length > LONGEST_NAME) return [projects];
  const files = [spec.conversation, ...(spec.forkOf === undefined ? [] : [spec.forkOf])];
  const others: string[] = [];
  for (const folder of spec.resume ? await readdir(projects) : []) {
    const has = await Promise.all(files.map((id) => isThere(join(projects, folder, `${id}.jsonl`))));
    if (folder !== name && has.includes(true)) others.push(join(projects, folder));
  }
  return [join(projects, name), ...others];
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
