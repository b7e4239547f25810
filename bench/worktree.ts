/** What a worktree costs that is ready to work in, against installing its packages with a warm cache. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openRepository } from "../src/adapters/git/index.ts";
import { createProvisioner } from "../src/adapters/provision/index.ts";
import { builtInSettings } from "../src/config/settings/built-in.ts";
import { pair, timed } from "./paired.ts";
import { inFolder, makeRepository } from "./scratch.ts";
import type { Section } from "./section.ts";

/** Together a little under 400 packages, of the kind that many projects have. */
const DEPENDENCIES = {
  axios: "1.7.9",
  express: "4.21.2",
  fastify: "5.2.1",
  jest: "29.7.0",
  prettier: "3.4.2",
  react: "18.3.1",
  "react-dom": "18.3.1",
  typescript: "5.7.3",
  zod: "3.24.1",
};
const ROOM_BYTES = 5e9;
const CI = ["ci", "--prefer-offline", "--no-audit", "--no-fund"];

/** Nothing is deleted before the end: some file systems are slow to give freed places again, which is not what is measured. */
export function readyWorktree(rounds: number): Promise<Section> {
  return inFolder(async (folder) => {
    const about = { id: "worktree", title: "A worktree that is ready to work in" };
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < ROOM_BYTES)
      return { ...about, about: "not measured: 5 GB of room are needed for a while", rows: [] };
    const root = join(folder, "project");
    const packages = makeProject(root);
    if (packages === null)
      return { ...about, about: "not measured: the packages could not be installed here", rows: [] };
    const warm = await openBench(root);
    const cold = await openBench(join(folder, "clone"), root);
    const { ratio, ms } = await pair(
      {
        install: () => installed(root, mkdtempSync(join(folder, "install-"))),
        checkout: () => warm.prepare("alone"),
        kept: () => cold.prepare("alone"),
        next: () => warm.prepare("next"),
      },
      rounds,
    );
    const row = (name: string, key: string, remark: string, aim?: number) => ({
      name,
      value: ratio[key]?.median ?? Number.NaN,
      unit: "x",
      spread: [ratio[key]?.low ?? Number.NaN, ratio[key]?.high ?? Number.NaN] as const,
      remark,
      ...(aim === undefined ? {} : { aim }),
    });
    return {
      ...about,
      about: `${packages} packages, against npm ci with a warm cache (${((ms.install?.median ?? 0) / 1000).toFixed(1)} s), ${rounds} rounds`,
      rows: [
        row("packages of the checkout", "checkout", "git worktree, then a copy", 0.15),
        row("packages of an earlier install", "kept", "in a clone where nothing is installed"),
        row("packages of a worktree that is done with", "next", "moved, when nothing in them has changed"),
      ],
    };
  });
}

/** A committed project with everything installed; the number of packages, or null where that did not work. */
function makeProject(root: string): number | null {
  mkdirSync(root);
  writeFileSync(
    join(root, "package.json"),
    JSON.stringify({ name: "bench", private: true, dependencies: DEPENDENCIES }),
  );
  writeFileSync(join(root, ".gitignore"), "node_modules/\n");
  // A lockfile that was made without installing may leave out packages of other platforms, and is refused then.
  const install = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--json"];
  const { status, stdout } = spawnSync("npm", install, { cwd: root, encoding: "utf8" });
  if (status !== 0) return null;
  makeRepository(root);
  return Number((JSON.parse(stdout) as { readonly added?: number }).added ?? 0);
}

function installed(root: string, folder: string): Promise<number> {
  for (const name of ["package.json", "package-lock.json"])
    copyFileSync(join(root, name), join(folder, name));
  return timed(() => {
    const { status, stderr } = spawnSync("npm", CI, { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`npm ci: ${stderr}`);
  });
}

/** Makes worktrees of a repository, or of a clone of `source` in which nothing is installed. */
async function openBench(root: string, source?: string): Promise<Bench> {
  if (source !== undefined) spawnSync("git", ["clone", "--quiet", source, root]);
  const repository = await openRepository(root);
  const provisioner = createProvisioner({ root, commonDir: repository.commonDir });
  const base = (await repository.head()).commit ?? "";
  const settings = builtInSettings().run;
  let count = 0;
  const make = async (): Promise<string> => {
    count += 1;
    const branch = `signalbox/bench/slot.1.${count}`;
    const { path } = await repository.addWorktree({ workflow: "bench", branch, base });
    const prepared = await provisioner.prepare(path, settings);
    if (!prepared.ok) throw new Error(prepared.message);
    return path;
  };
  return {
    prepare: async (way) => {
      if (way === "next") await provisioner.release(await make());
      return timed(make);
    },
  };
}

interface Bench {
  /** `alone`: no other worktree has given anything back. `next`: one has just done so. */
  readonly prepare: (way: "alone" | "next") => Promise<number>;
}
