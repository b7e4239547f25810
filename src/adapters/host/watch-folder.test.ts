import { on } from "node:events";
import { mkdirSync, watch } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { watchFolder } from "./watch-folder.ts";

const FOR_EVER_MS = 2 ** 31 - 1;

it("a change between two waits ends the second one at once", async () => {
  const folder = await tempFolder();
  const watched = watchFolder(folder);
  const witness = watch(folder);
  onTestFinished(() => {
    watched.close();
    witness.close();
  });
  const never = new AbortController().signal;

  const first = watched.changed(FOR_EVER_MS, never);
  mkdirSync(join(folder, "events"));
  await first;
  mkdirSync(join(folder, "result"));
  for await (const [, name] of on(witness, "change")) if (name === "result") break;

  await expect(watched.changed(FOR_EVER_MS, never)).resolves.toEqual(new Set(["result"]));
}, 20_000);

it("when nothing is told for long enough, everything may have changed", async () => {
  const watched = watchFolder(await tempFolder());
  onTestFinished(() => watched.close());
  await expect(watched.changed(1, new AbortController().signal)).resolves.toBeNull();
});
