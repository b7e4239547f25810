import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { openRegistry, type RegisteredRepository, type Registry, registryPath } from "./repositories.ts";

async function aRepository(folder: string, name: string, since = "2026-02-20T10:00:00Z") {
  const root = join(folder, name);
  await mkdir(join(root, ".git"), { recursive: true });
  return { root, commonDir: join(root, ".git"), since } satisfies RegisteredRepository;
}

function registryIn(folder: string): Registry {
  const registry = openRegistry({ HOME: folder });
  if (registry === null) throw new Error("no registry");
  return registry;
}

describe("the place of the registry", () => {
  it("is the state folder of the user, else the one below the home", () => {
    expect([
      registryPath({ XDG_STATE_HOME: "/state", HOME: "/home/ada" }),
      registryPath({ XDG_STATE_HOME: "state", HOME: "/home/ada" }),
      registryPath({ HOME: "/home/ada" }),
      registryPath({ HOME: "" }),
      registryPath({}),
    ]).toEqual([
      "/state/signalbox/repositories.json",
      "/home/ada/.local/state/signalbox/repositories.json",
      "/home/ada/.local/state/signalbox/repositories.json",
      null,
      null,
    ]);
  });
});

describe("the registry of repositories", () => {
  it("is empty before anything is registered, and writes nothing by being read", async () => {
    const folder = await tempFolder();
    const registry = registryIn(folder);
    expect(await registry.load()).toEqual({ present: [], vanished: [] });
    await expect(stat(join(folder, ".local"))).rejects.toThrow("ENOENT");
  });

  it("keeps all of many that register at the same time, each once, readable by the user alone", async () => {
    const folder = await tempFolder();
    const repositories = await Promise.all(["a", "b", "c", "d"].map((name) => aRepository(folder, name)));
    const registries = [registryIn(folder), registryIn(folder)];
    await Promise.all(registries.flatMap((it) => repositories.map((one) => it.register(one))));
    const { present } = await registryIn(folder).load();
    expect(present.map(({ root }) => root).sort()).toEqual(repositories.map(({ root }) => root));
    expect((await stat(registries[0]?.path ?? "")).mode & 0o777).toBe(0o600);
  });

  it("keeps the first registration of a repository that registers again", async () => {
    const folder = await tempFolder();
    const registry = registryIn(folder);
    const first = await aRepository(folder, "a");
    await registry.register(first);
    await registry.register({ ...first, since: "2027-01-01T00:00:00Z" });
    expect((await registry.load()).present).toEqual([first]);
  });

  it("drops a repository whose folder is gone, says so once, and takes it again when it comes back", async () => {
    const folder = await tempFolder();
    const registry = registryIn(folder);
    const [kept, gone] = [await aRepository(folder, "kept"), await aRepository(folder, "gone")];
    await registry.register(gone);
    await registry.register(kept);
    await rm(gone.root, { recursive: true });
    expect(await registry.load()).toEqual({ present: [kept], vanished: [gone] });
    expect(await registry.load()).toEqual({ present: [kept], vanished: [] });
    await aRepository(folder, "gone");
    await registry.register(gone);
    expect((await registry.load()).present).toEqual([kept, gone]);
  });

  it("takes a damaged file for an empty one and leaves out entries of no known shape", async () => {
    const folder = await tempFolder();
    const registry = registryIn(folder);
    const one = await aRepository(folder, "a");
    await mkdir(dirname(registry.path), { recursive: true });
    await writeFile(registry.path, '{"version":1,"repositories":[{"root":1},{"root":"x","commonDir":"y"},');
    expect((await registry.load()).present).toEqual([]);
    await registry.register(one);
    const written = JSON.parse(await readFile(registry.path, "utf8")) as { repositories: unknown[] };
    await writeFile(
      registry.path,
      JSON.stringify({ repositories: [null, { root: "x" }, ...written.repositories] }),
    );
    expect((await registry.load()).present).toEqual([one]);
  });
});
