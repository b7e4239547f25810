import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { spaceFinding, spaceFindings } from "./space.ts";

const MIB = 1024 * 1024;

it.each([
  [1024 * MIB, "ok"],
  [1024 * MIB - 1, "warn"],
  [100 * MIB, "warn"],
  [100 * MIB - 1, "bad"],
  [0, "bad"],
] as const)("judges %i free bytes as %s", (bytes, level) => {
  expect(spaceFinding({ mount: "/data", bytes, files: null })).toMatchObject({
    level,
    text: expect.stringContaining("on /data"),
  });
});

it("judges a file system without room for more files as full, however many bytes it has", () => {
  expect(spaceFinding({ mount: "/data", bytes: 9e12, files: 999 })).toMatchObject({
    level: "bad",
    text: expect.stringContaining("room for 999 more files"),
  });
  expect(spaceFinding({ mount: "/data", bytes: 9e12, files: 1000 }).level).toBe("ok");
});

it("looks once at each file system, also through folders that are not there yet", () => {
  const findings = spaceFindings([tmpdir(), join(tmpdir(), "signalbox-not-there/deep"), tmpdir()]);
  expect(findings).toHaveLength(1);
});
