/** Would catch: two holders at one time, a generation that is given out twice. */
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { claimGeneration, type FileLease, leaseHolder, newestGeneration, takeLease } from "./lease.ts";

test("of many that take and release at the same time one holds at a time, and no generation is given out twice", async () => {
  const folder = await tempFolder();
  const given: number[] = [];
  let holding = 0;
  let left = 30;
  const hold = async (lease: FileLease): Promise<void> => {
    holding += 1;
    expect(holding).toBe(1);
    expect(lease.isNewest()).toBe(true);
    given.push(lease.holder.generation);
    await new Promise((resolve) => setImmediate(resolve));
    expect(lease.isNewest()).toBe(true);
    holding -= 1;
    await lease.release();
  };
  const contender = async (): Promise<void> => {
    while (left > 0) {
      const taken = await takeLease(folder);
      if (!taken.ok) continue;
      left -= 1;
      await hold(taken.lease);
    }
  };
  await Promise.all(Array.from({ length: 8 }, contender));
  expect(given).toEqual([...given].sort((a, b) => a - b));
  expect(new Set(given).size).toBe(given.length);
  expect(await leaseHolder(folder)).toBeNull();
  expect(await newestGeneration(folder)).toBe(given.at(-1));
});

test("a lease file that says nothing is nobody's, and its number is not used again", async () => {
  const folder = await tempFolder();
  const first = await takeLease(folder, { above: 8 });
  expect(first).toMatchObject({ ok: true, lease: { holder: { generation: 9 } } });
  await writeFile(join(folder, "lease.12.json"), "not json");
  expect(await leaseHolder(folder)).toBeNull();
  expect(await takeLease(folder)).toMatchObject({ ok: true, lease: { holder: { generation: 13 } } });
  expect(first.ok && first.lease.isNewest()).toBe(false);
});

test("a holder is fenced by its successor's file alone, which may have died before it removed any other", async () => {
  const folder = await tempFolder();
  const first = await takeLease(folder);
  expect(first.ok && first.lease.isNewest()).toBe(true);
  await writeFile(join(folder, "lease.2.json"), "{}");
  expect(first.ok && first.lease.isNewest()).toBe(false);
});

test("a slow taker does not get a number that others have been through", async () => {
  const folder = await tempFolder();
  const newest = await takeLease(folder, { above: 6 });
  expect(await claimGeneration(folder, 5)).toBeNull();
  expect(await readdir(folder)).toEqual(["lease.7.json"]);
  expect(await claimGeneration(folder, 7)).toBeNull();
  expect(newest.ok && newest.lease.isNewest()).toBe(true);
});
