import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { replaceFile } from "../fs/replace-file.ts";
import { ownIdentity } from "../process/identity.ts";
import { createEndLook } from "./end-look.ts";
import { writeHostRecord } from "./session-files.ts";

const record = (instance: string) => ({
  v: 1 as const,
  host: ownIdentity(),
  instance,
  marker: "SIGNALBOX_SESSION=x",
  processes: [],
  conversation: "c",
  acceptedAt: "2026-02-20T10:00:00Z",
});

let folder: string;

beforeEach(async () => {
  folder = await tempFolder();
  await writeHostRecord(folder, record("first"));
});

const settle = () => utimes(folder, 1_000, 1_000);
/** Without a new name in the folder, so that only reading the file can tell. */
const writeInPlace = () => writeFile(join(folder, "host.json"), JSON.stringify(record("second")));

describe("looking for the end of a session", () => {
  it("reads no file again while nothing has changed in the folder, unless the system told a change", async () => {
    await settle();
    const look = createEndLook(folder);
    expect((await look(false)).record?.instance).toBe("first");
    await writeInPlace();
    expect((await look(false)).record?.instance).toBe("first");
    expect((await look(true)).record?.instance).toBe("second");
  });

  it("sees a result that nobody told", async () => {
    await settle();
    const look = createEndLook(folder);
    expect((await look(false)).result).toBe(null);
    await replaceFile(join(folder, "result.json"), JSON.stringify({ v: 1, outcome: { kind: "cancelled" } }));
    expect((await look(false)).result).toMatchObject({ kind: "cancelled" });
  });

  it("takes a time for granted only when it is some seconds old", async () => {
    const look = createEndLook(folder);
    const soon = new Date(Date.now() + 60_000);
    await utimes(folder, soon, soon);
    await look(false);
    await writeInPlace();
    expect((await look(false)).record?.instance).toBe("second");
  });

  it("reads everything now and then, whatever the folder says", async () => {
    await settle();
    const look = createEndLook(folder);
    await look(false);
    await writeInPlace();
    const seen: (string | undefined)[] = [];
    for (let times = 0; times < 20; times += 1) seen.push((await look(false)).record?.instance);
    expect(seen[0]).toBe("first");
    expect(seen.at(-1)).toBe("second");
  });

  it("knows neither record nor result of a folder that is not there", async () => {
    expect(await createEndLook(join(folder, "none"))(false)).toMatchObject({ record: null, result: null });
  });
});
