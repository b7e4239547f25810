/**
 * Whether bubblewrap really confines here: a real one is told to write outside and inside, and what it did is looked at. A name on the
 * PATH proves nothing, and many machines have it and refuse it name spaces.
 */
import { randomUUID } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { temporaryPrefix } from "../fs/temporary.ts";
import { runProgram } from "../process/spawn.ts";
import { bubblewrapArguments, isInside } from "./bubblewrap.ts";
import { coveredBy, exposed } from "./session-view.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Usable, with the absolute path of the program; or not, and what to do about it. */
export type Probed =
  | { readonly ok: true; readonly program: string; readonly version: string }
  | { readonly ok: false; readonly reason: string; readonly hint: string };

/** Names another program than the one on the PATH. */
const VARIABLE = "SIGNALBOX_BWRAP";
const LIMIT_MS = 20_000;
const WITHOUT = "or go without, at your own risk: signalbox run <definition> --sandbox none";

/** Probes anew, some ten milliseconds. Never rejects. A program below one of `strange`, such as the repository, is not taken. */
export async function probeBubblewrap(env: Environment, strange: readonly string[] = []): Promise<Probed> {
  if (process.platform !== "linux")
    return { ok: false, reason: "bubblewrap exists on Linux only", hint: `Use a Linux machine, ${WITHOUT}` };
  const program = findBubblewrap(env, strange);
  if (program === null) {
    const named = env[VARIABLE];
    const reason = named ? `${VARIABLE} names ${named}, which is no program` : "bwrap was not found";
    return { ok: false, reason, hint: `Install it: sudo apt-get install bubblewrap; ${WITHOUT}` };
  }
  const hint = `See what it says: ${program} --ro-bind / / --dev /dev --proc /proc true; ${WITHOUT}`;
  try {
    const fault = await tried(program, env);
    if (fault !== null) return { ok: false, reason: fault, hint };
    return { ok: true, program, version: await versionOf(program, env) };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: `bwrap could not be tried: ${text}`, hint };
  }
}

/** Absolute path; null when there is none. What packages of a repository bring is none of the machine's. */
function findBubblewrap(env: Environment, strange: readonly string[]): string | null {
  const named = env[VARIABLE];
  if (named !== undefined && named !== "") return isAbsolute(named) && isProgram(named) ? named : null;
  const places = (env.PATH ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  return (
    places
      .map((folder) => join(folder, "bwrap"))
      .find((file) => isProgram(file) && !isStrange(file, strange)) ?? null
  );
}

function isStrange(file: string, strange: readonly string[]): boolean {
  const paths = [file, realpathSync(file)];
  return paths.some(
    (path) => path.includes("/node_modules/") || strange.some((folder) => isInside(folder, path)),
  );
}

/** What is tried inside; `$1` is not to be written, `$2` is, `$3` is a word, `$4` is hidden, `$5` is the home. */
const SCRIPT = `echo escaped > "$1/new"
echo escaped > "$1/theirs"
rm -f "$1/theirs"
[ -w "$5" ] && echo home > "$2/reached"
[ -w /proc/sys/kernel/core_pattern ] && echo kernel > "$2/reached"
[ -e "$4" ] && echo hidden > "$2/reached"
readlink /proc/self/ns/pid > "$2/processes"
echo "$3" > "$2/written"
`;

/** What is wrong; null when it confines. */
async function tried(program: string, env: Environment): Promise<string | null> {
  const base = realpathSync(await mkdtemp(temporaryPrefix("sandbox")));
  try {
    const place = (name: string): string => join(base, name);
    for (const name of ["own", "inside", "outside"]) mkdirSync(place(name));
    await writeFile(place("hidden"), "");
    await writeFile(place("outside/theirs"), "theirs");
    const covered = coveredBy(env);
    const roots = [...covered.temporary, ...covered.empty];
    const view = {
      cwd: "/",
      own: place("own"),
      ...covered,
      mounts: [
        ...exposed(roots, [place("outside"), env.HOME ?? homedir()]),
        { from: place("inside"), at: place("inside"), mode: "write" as const },
      ],
      env: {},
    };
    const word = randomUUID();
    const home = roots.includes(env.HOME ?? homedir()) ? "/" : (env.HOME ?? homedir());
    const words = [place("outside"), place("inside"), word, place("hidden"), home];
    const shell = ["sh", "-c", SCRIPT, "sh", ...words];
    const ran = await runProgram(program, [...bubblewrapArguments(view), ...shell], {
      cwd: "/",
      env: { PATH: env.PATH ?? "/usr/bin:/bin", HOME: env.HOME ?? homedir() },
      timeoutMs: LIMIT_MS,
    });
    const written = textOf(place("inside/written"))?.trim();
    if (changed(place("outside")) || textOf(place("inside/reached")) !== null)
      return `${program} lets a program write outside: it does not confine`;
    if (written !== word) return `${program} cannot be used: ${ran.stderr.trim() || `exit code ${ran.code}`}`;
    const processes = textOf(place("inside/processes"))?.trim();
    if (processes === undefined || processes === readlinkSync("/proc/self/ns/pid"))
      return `${program} does not separate processes, so a program could reach out through another one`;
    return null;
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

function changed(outside: string): boolean {
  return textOf(join(outside, "theirs")) !== "theirs" || textOf(join(outside, "new")) !== null;
}

/** Null where there is no such file. */
function textOf(file: string): string | null {
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

async function versionOf(program: string, env: Environment): Promise<string> {
  const options = { cwd: "/", env: { PATH: env.PATH ?? "" }, timeoutMs: LIMIT_MS };
  const { stdout } = await runProgram(program, ["--version"], options);
  return stdout
    .toString("utf8")
    .trim()
    .replace(/^bubblewrap\s+/, "");
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
