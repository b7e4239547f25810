/** The repositories that a command looks at: this one, and those that are registered. */
import { basename } from "node:path";
import type { Registered, RegisteredRepository } from "../../adapters/registry/repositories.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { CliIo } from "../io.ts";
import { openProject } from "../project.ts";

/** A repository without a git process: what its journals need. */
export interface Place {
  readonly root: string;
  readonly commonDir: string;
}

/** The repository around the working folder first, then the registered ones. */
export async function placesFor(
  io: CliIo,
  onlyHere: boolean,
): Promise<{
  readonly here: Place | null;
  readonly places: readonly Place[];
  readonly vanished: readonly RegisteredRepository[];
}> {
  const here = await placeHere(io, onlyHere);
  const { present, vanished } = onlyHere ? NONE : await registered(io);
  const others = present.filter(({ commonDir }) => commonDir !== here?.commonDir);
  return { here, places: [...(here === null ? [] : [here]), ...others], vanished };
}

const NONE: Registered = { present: [], vanished: [] };

/** Loaded when it is asked for: most commands that look need no registry. */
async function registered({ env }: CliIo): Promise<Registered> {
  const { openRegistry } = await import("../../adapters/registry/repositories.ts");
  return (await openRegistry(env)?.load()) ?? NONE;
}

async function placeHere(io: CliIo, required: boolean): Promise<Place | null> {
  try {
    const { root, commonDir } = (await openProject(io)).repository;
    return { root, commonDir };
  } catch (error) {
    if (!required && error instanceof SignalboxError && error.code === "not-a-repository") return null;
    throw error;
  }
}

/** Name of a repository for people: that of its folder. */
export function nameOf({ root }: Place): string {
  return basename(root);
}
