import { describe, expect, it } from "vitest";
import { DEFAULT_ESCALATION_RULES } from "../../core/quality/criticality.ts";
import { builtInSettings } from "./built-in.ts";
import { loadSettings, type SettingsSources } from "./load-settings.ts";
import type { Settings } from "./settings.ts";

function load(sources: SettingsSources): Settings {
  const loaded = loadSettings(sources);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  return loaded.settings;
}

function errorsOf(sources: SettingsSources): readonly string[] {
  const loaded = loadSettings(sources);
  return loaded.ok
    ? []
    : loaded.errors.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
}

describe("built-in values", () => {
  it("are those of the format", () => {
    expect(load({})).toEqual(builtInSettings());
    expect(builtInSettings()).toMatchObject({
      run: {
        use: "claude",
        limits: {
          parallel: 3,
          timeoutMs: 3_600_000,
          idleMs: 900_000,
          turns: 200,
          retries: 2,
          usd: 10,
          answerMs: 3_600_000,
          sessions: null,
        },
        permissions: "deny",
        inherit: ["instructions"],
        env: { pass: [], set: {} },
        writes: [],
        checks: [],
        judge: { samples: 3, maxSamples: 7 },
        critic: { mode: "combined" },
        provision: { copy: [], link: [], run: [], timeoutMs: 600_000 },
      },
      overrides: {},
      roles: {},
      escalation: { rules: DEFAULT_ESCALATION_RULES, auto: false },
      layout: { folder: "orchestration/{id}/", worktrees: "../{repo}-wt", branchPrefix: "signalbox/{id}" },
      finish: { merge: "none", per: "workflow", documents: "keep" },
      notify: [],
      approvals: { agents: "refuse" },
      keepMs: 7 * 24 * 3_600_000,
    });
    expect(builtInSettings().run.protect).toEqual(
      expect.arrayContaining([".github/**", "signalbox.yaml", ".claude/**"]),
    );
  });

  it.each(["", "# nothing said\n", "\n  \n"])("hold where a file says nothing: %j", (projectText) => {
    expect(load({ projectText })).toEqual(builtInSettings());
  });
});

describe("layers", () => {
  const sources: SettingsSources = {
    userText: "model: user-model\nuse: claude-cli\nlimits: { parallel: 1, turns: 10, usd: 1 }\n",
    userFile: "/home/someone/.config/signalbox/config.yaml",
    projectText: "# ours\nmodel: project-model\nlimits:\n  turns: 20\n  usd: none\nchecks: [npm test]\n",
    env: { SIGNALBOX_MODEL: "env-model", SIGNALBOX_IDLE: "5m", SIGNALBOX_TIMEOUT: "" },
    flags: { idle: "6m", usd: "none", parallel: 8, verbose: true },
  };

  it("keep the sandbox of the user whatever the project says, and take no folders to open from it", () => {
    const both = {
      userText: "sandbox: bubblewrap\nsandbox_writable: ~/.codex\n",
      projectText: "sandbox: none\n",
    };
    expect(load(both).run).toMatchObject({ sandbox: "bubblewrap", sandboxWritable: ["~/.codex"] });
    expect(load({ userText: "sandbox: none\n", projectText: "sandbox: bubblewrap\n" }).run.sandbox).toBe(
      "bubblewrap",
    );
    expect(load({ ...both, env: { SIGNALBOX_SANDBOX: "none" } }).overrides.sandbox).toBe("none");
    expect(errorsOf({ projectText: "sandbox_writable: ['~']\n" })).toEqual([
      expect.stringContaining("a repository cannot say it"),
    ]);
  });

  it("let the project stand above the user, key by key", () => {
    expect(load(sources).run).toMatchObject({
      use: "claude-cli",
      model: "project-model",
      limits: { parallel: 1, turns: 20, usd: null, timeoutMs: 3_600_000 },
    });
  });

  it("keep environment and flags apart, because they stand above a definition too", () => {
    expect(load(sources).overrides).toEqual({
      model: "env-model",
      limits: { idleMs: 360_000, usd: null, parallel: 8 },
    });
  });

  it("know where every value came from", () => {
    const loaded = loadSettings(sources);
    const origins = loaded.ok
      ? Object.fromEntries(loaded.origins.map(({ key, value, origin }) => [key, [value, origin]]))
      : {};
    expect(origins).toMatchObject({
      use: ["claude-cli", { layer: "user", name: "/home/someone/.config/signalbox/config.yaml", line: 2 }],
      model: ["env-model", { layer: "environment", name: "SIGNALBOX_MODEL" }],
      "limits.turns": [20, { layer: "project", name: "signalbox.yaml", line: 4 }],
      "limits.usd": ["none", { layer: "flag", name: "--usd" }],
      "limits.parallel": [8, { layer: "flag", name: "--parallel" }],
      "limits.timeout": ["1h", { layer: "built-in" }],
      checks: [["npm test"], { layer: "project", name: "signalbox.yaml", line: 6 }],
    });
  });

  it("merge roles key by key and read charters beside their file", () => {
    const { roles } = load({
      userText: "roles: { tester: { model: small, tools: read }, mine: { charter: mine.md } }\n",
      projectText: "roles: { tester: { model: large, charter: roles/tester.md } }\n",
      readFile: (path) => `project ${path}`,
      readUserFile: (path) => `user ${path}`,
    });
    expect(roles).toEqual({
      tester: { model: "large", tools: ["read"], charter: "project roles/tester.md" },
      mine: { charter: "user mine.md" },
    });
  });

  it("replace lists whole", () => {
    expect(load({ userText: "checks: [a, b]\n", projectText: "checks: []\n" }).run.checks).toEqual([]);
  });
});

describe("keys of the project file", () => {
  it("are normalised", () => {
    const settings = load({
      projectText: [
        "project: PROJ-006",
        "commands: { codex: [codex, exec, '{prompt_file}'] }",
        "use: command:codex",
        "base: main",
        "target: release/1",
        "finish: { merge: none, per: slot, documents: keep }",
        "layout: { folder: 'projects/{project}', worktrees: '/tmp/trees/{repo}', branch_prefix: bots }",
        "notify: none",
        "keep: 36h",
        "escalate: { auto: true, rules: [{ id: AE-100, when: { paths: src/core/** }, to: C2 }] }",
      ].join("\n"),
    });
    expect(settings).toMatchObject({
      project: "PROJ-006",
      commands: { codex: ["codex", "exec", "{prompt_file}"] },
      run: { use: "command:codex" },
      base: "main",
      target: "release/1",
      finish: { merge: "none", per: "slot", documents: "keep" },
      layout: {
        folder: "projects/{project}/orchestration/{id}/",
        worktrees: "/tmp/trees/{repo}",
        branchPrefix: "bots/{id}",
      },
      notify: [],
      keepMs: 36 * 3_600_000,
      escalation: { rules: [{ id: "AE-100", when: { paths: ["src/core/**"] }, to: "C2" }], auto: true },
    });
  });

  it("keep the documented rules where only `auto` is said", () => {
    expect(load({ projectText: "escalate: auto\n" }).escalation).toEqual({
      rules: DEFAULT_ESCALATION_RULES,
      auto: true,
    });
  });
});

describe("errors", () => {
  it("of all sources come at once, each at its place", () => {
    expect(
      errorsOf({
        userText: "modle: x\n",
        projectText: "limits:\n  parallel: none\n",
        env: { SIGNALBOX_TURNS: "many" },
        flags: { use: "cluade" },
      }),
    ).toEqual([
      "config.yaml:1:1 unknown key `modle`",
      'signalbox.yaml:2:13 the text "none" does not fit `parallel`',
      'environment:1:1 SIGNALBOX_TURNS: the text "many" does not fit `turns`',
      'command line:1:1 --use: the text "cluade" does not fit `use`',
    ]);
  });

  it.each([
    ["stages: []\n", "`stages` cannot stand in this file"],
    ["layout: { folder: ../out }\n", '"../out" leaves the repository'],
    ["notify: dekstop\n", 'the text "dekstop" does not fit `notify`'],
    ["notify: { webhook: {} }\n", "`url` is missing"],
    ["notify: { webhook: { url: https://a.example, kinds: reviw } }\n", 'the text "reviw" does not fit'],
    ["approvals: { agents: yes please }\n", "does not fit `agents`"],
    ["commands: { codex: codex exec }\n", 'the text "codex exec" does not fit `codex`'],
    ["keep: 7\n", "the number 7 does not fit `keep`"],
    ["finish: { approve: user }\n", "unknown key `approve`"],
    ["roles: { x: { charter: nope.md } }\n", "the file nope.md is not there"],
    ["use: command:codex\n", "no program `codex` is configured"],
    ["judge: { samples: 8 }\n", "`samples` 8 is above `max_samples` 7"],
    ["brief: Fix #41\n", '"#41" is lost: an unquoted # after a space starts a comment'],
  ])("refuse %j", (projectText, message) => {
    expect(errorsOf({ projectText }).join()).toContain(message);
  });

  it("say where to write a webhook without repeating an address that may carry a secret", () => {
    const [told = ""] = errorsOf({ projectText: "notify: { webhook: { url: hooks.example/T0K3N } }\n" });
    expect(told).toContain("this is no web address");
    expect(told).not.toContain("T0K3N");
  });

  it("take channels for all or for some kinds of questions, and `none` for silence", () => {
    const channels = (notify: string) => load({ projectText: `notify: ${notify}\n` }).notify;
    expect(channels("desktop")).toEqual([{ channel: "desktop", kinds: null }]);
    expect(channels("[terminal, desktop: { kinds: review }, webhook: { url: $HOOK }]")).toEqual([
      { channel: "desktop", kinds: ["review"] },
      { channel: "webhook", url: "$HOOK", kinds: null },
    ]);
    expect(channels("{ webhook: { url: 'https://a.example/b', kinds: [limit, auth] } }")).toEqual([
      { channel: "webhook", url: "https://a.example/b", kinds: ["limit", "auth"] },
    ]);
    expect(channels("[none, desktop]")).toEqual([]);
    expect(channels("terminal")).toEqual([]);
  });

  it("count a program that the other file declares", () => {
    expect(
      errorsOf({ userText: "commands: { codex: [codex] }\n", projectText: "use: command:codex\n" }),
    ).toEqual([]);
    expect(
      errorsOf({ userText: "commands: { codex: [codex] }\n", flags: { judgeUse: "command:codx" } }),
    ).toEqual(["command line:1:1 --judge-use: no program `codx` is configured"]);
  });

  it("name an agent over ACP that nobody declares, and the nearest one that somebody does", () => {
    const userText = "agents: { gemini: { command: [gemini, --acp] } }\n";
    expect(errorsOf({ userText, projectText: "use: acp:gemini\n" })).toEqual([]);
    expect(errorsOf({ userText, flags: { judgeUse: "acp:gemni" } })).toEqual([
      "command line:1:1 --judge-use: no agent `gemni` is configured",
    ]);
    expect(errorsOf({ projectText: "agents: { gemini: { command: gemini } }\n" })).toHaveLength(1);
  });

  it("count samples against the maximum that is in force", () => {
    expect(errorsOf({ projectText: "judge: { max_samples: 9 }\n", flags: { judgeSamples: "8" } })).toEqual(
      [],
    );
    expect(errorsOf({ projectText: "judge: { max_samples: 2 }\n" })).toHaveLength(1);
  });
});
