import { describe, expect, it } from "vitest";
import { builtInSettings } from "./built-in.ts";
import { checkScripts, defaultWrites, resolveRun } from "./resolve-run.ts";
import type { Settings } from "./settings.ts";

const settings = builtInSettings();
const check = (run: string) => ({ name: run, run, timeoutMs: 1 });

describe("resolved running settings", () => {
  it("are those of the files where no level says anything", () => {
    expect(resolveRun(settings)).toEqual(settings.run);
  });

  it("take the narrowest level, key by key inside limits and judge", () => {
    const run = resolveRun(
      settings,
      { model: "w", limits: { turns: 1, usd: 5 }, judge: { model: "j" }, env: { set: { A: "1" } } },
      { model: "p", limits: { turns: 2 }, judge: { samples: 5 } },
      { limits: { usd: null }, env: { pass: ["HOME"], set: { B: "2" } }, checks: [] },
    );
    expect(run).toMatchObject({
      model: "p",
      limits: { turns: 2, usd: null, parallel: 3 },
      judge: { model: "j", samples: 5, maxSamples: 7 },
      env: { pass: ["HOME"], set: { A: "1", B: "2" } },
    });
  });

  it("put environment and flags above every level", () => {
    const forced: Settings = { ...settings, overrides: { model: "flag", limits: { turns: 9 } } };
    expect(resolveRun(forced, { model: "w" }, { model: "slot", limits: { turns: 1, usd: 2 } })).toMatchObject(
      {
        model: "flag",
        limits: { turns: 9, usd: 2 },
      },
    );
  });

  it("keep the sandbox that a broader level asks for, unless environment or flags say otherwise", () => {
    const asks = { sandbox: "bubblewrap" } as const;
    expect(resolveRun(settings, { model: "w" }).sandbox).toBeUndefined();
    expect(resolveRun(settings, {}, asks).sandbox).toBe("bubblewrap");
    expect(resolveRun(settings, asks, { sandbox: "none" }).sandbox).toBe("bubblewrap");
    const free: Settings = { ...settings, overrides: { sandbox: "none" } };
    expect(resolveRun(free, asks).sandbox).toBe("none");
  });

  it("protect the scripts that checks run, also when the author names other globs", () => {
    const run = resolveRun(settings, { checks: [check("./scripts/check.sh --fast")], protect: ["ci/**"] });
    expect(run.protect).toEqual(["ci/**", "scripts/check.sh"]);
    expect(run.checkScripts).toEqual(["scripts/check.sh"]);
  });
});

describe("scripts of checks", () => {
  it.each([
    ["npm test", []],
    ["bash scripts/check.sh", ["scripts/check.sh"]],
    ["./tools/verify && python ci/lint.py", ["tools/verify", "ci/lint.py"]],
    ["node --test test/*.test.js", []],
    ["../outside.sh; /usr/bin/env true", []],
    ["node_modules/.bin/tsc -p x.ts", ["x.ts"]],
    ["sh -c 'a/b.sh' > out/log", ["a/b.sh", "out/log"]],
  ])("%s", (run, expected) => {
    expect(checkScripts([check(run)])).toEqual(expected);
  });
});

describe("default write boundary", () => {
  it("is everything for a commit and nothing for an artifact", () => {
    expect(defaultWrites("commit")).toEqual(["**"]);
    expect(defaultWrites("file")).toEqual([]);
  });
});
