import { openRegistry } from "../adapters/registry/repositories.ts";
import type { Context } from "./context.ts";
import type { Project } from "./project.ts";

/**
 * Lets `inbox` and `ps` find this repository from elsewhere. Never fails: where the registry cannot be written, the
 * repository is only found from inside; `log` is told why.
 */
export async function registerRepository(
  { io }: Pick<Context, "io">,
  { repository: { root, commonDir } }: Project,
  log: (line: string) => void,
): Promise<void> {
  const since = new Date(io.now()).toISOString();
  try {
    await openRegistry(io.env)?.register({ root, commonDir, since });
  } catch (error) {
    log(`this repository could not be registered: ${error instanceof Error ? error.message : error}`);
  }
}
