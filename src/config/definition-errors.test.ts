// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the format has expressions of its own
import { describe, expect, it } from "vitest";
import { type DefinitionOptions, parseDefinition } from "./parse-definition.ts";
import type { Diagnostic } from "./source/diagnostic.ts";

function errorsOf(text: string, options: Partial<DefinitionOptions> = {}): readonly Diagnostic[] {
  const result = parseDefinition(text, { file: "f.yaml", ...options });
  return result.ok ? [] : result.errors;
}

function onlyError(text: string, options: Partial<DefinitionOptions> = {}): Diagnostic {
  const errors = errorsOf(text, options);
  expect(errors.map((error) => error.message)).toHaveLength(1);
  return errors[0] as Diagnostic;
}

const STAGES = "stages:\n  - phase: P\n    slots:\n      - brief: b\n";
const top = (lines: string) => `workflow: W\n${lines}\n${STAGES}`;
const slot = (lines: string) =>
  `workflow: W\nstages:\n  - phase: P\n    slots:\n      - brief: b\n${lines.replaceAll(/^/gm, "        ")}\n`;
const slots = (...lines: string[]) =>
  `workflow: W\nstages:\n  - phase: P\n    slots:\n${lines.map((line) => `      - { ${line} }\n`).join("")}`;
const PHASE = "  - phase: P\n    slots: [{ in: a, brief: x }, { in: b, brief: x }]\n";
const barrier = (lines: string) =>
  `workflow: W\npipelines: { a: , b: }\nstages:\n${PHASE}  - barrier: B\n    ${lines}\n${PHASE}`;

describe("keys and values", () => {
  it("names place, key, expectation and nearest spelling of an unknown key", () => {
    expect(onlyError(slot("validatr: ps-critic"))).toMatchObject({
      file: "f.yaml",
      line: 6,
      column: 9,
      length: 8,
      key: "stages[0].slots[0].validatr",
      message: "unknown key `validatr`",
      expected: expect.stringContaining("validator"),
      nearest: "validator",
    });
  });

  it("reports a misspelt required key once", () => {
    expect(onlyError("workflow: W\nstages: [{ phase: P, slots: [{ brif: x }] }]\n").nearest).toBe("brief");
    expect(onlyError(`worfklow: W\n${STAGES}`)).toMatchObject({
      message: "unknown key `worfklow`",
      nearest: "workflow",
    });
  });

  it("reports a missing required key", () => {
    expect(onlyError(STAGES)).toMatchObject({ key: "workflow", message: "`workflow` is missing" });
  });

  it.each([
    ["text as a number", "first_phase: one", "a whole number, at least 0"],
    ["a number as text", "goal: 7", "text"],
    ["a mapping as text", "goal: { a: 1, b: 2 }", "text"],
    [
      "a list as a mapping",
      "limits: [1]",
      "a mapping with the keys parallel, timeout, idle, turns, retries, usd, session_usd, answer, sessions",
    ],
    ["nothing", "goal:", "text"],
    ["a fraction as a count", "limits: { turns: 1.5 }", "a whole number, at least 1"],
    ["a threshold of 0", "loop: { threshold: 0 }", "a number above 0 and at most 1"],
    ["a threshold above 1", "loop: { threshold: 1.01 }", "a number above 0 and at most 1"],
    ["a bad criticality", "criticality: C5", "C1, C2, C3, routine, standard, significant"],
    ["a bad slug", "slug: Bad Slug", "lower-case letters, digits and hyphens, at most 41"],
    ["a bad branch", "base: a..b", "the name of a branch"],
    [
      "a duration without unit",
      "limits: { timeout: 15 }",
      "a duration with a unit, such as 30s, 15m or 1h, at most 24d",
    ],
    [
      "a duration of a strange unit",
      "limits: { idle: 2w }",
      "a duration with a unit, such as 30s, 15m or 1h, at most 24d",
    ],
    [
      "a duration of nothing",
      "limits: { idle: 0s }",
      "a duration with a unit, such as 30s, 15m or 1h, at most 24d",
    ],
    [
      "a duration that no timer can hold",
      "limits: { timeout: 25d }",
      "a duration with a unit, such as 30s, 15m or 1h, at most 24d",
    ],
    ["a money limit of nothing", "limits: { usd: }", "an amount above 0, or none"],
    ["a money limit of 0", "limits: { usd: 0 }", "an amount above 0, or none"],
    ["a session limit of null", "limits: { sessions: null }", "a whole number above 0, or none"],
    [
      "no limit on time",
      "limits: { timeout: none }",
      "a duration with a unit, such as 30s, 15m or 1h, at most 24d",
    ],
    [
      "limits as a word",
      "limits: none",
      "a mapping with the keys parallel, timeout, idle, turns, retries, usd, session_usd, answer, sessions",
    ],
    ["a variable with a dash", "env: { pass: [A-B] }", "the name of an environment variable"],
    ["a strange review", "review: [phases]", "plan, phase"],
    ["an unknown way to merge", "finish: { merge: rebase }", "none, ff, merge, squash, pr"],
  ])("refuses %s", (_, line, expected) => {
    expect(onlyError(top(line)).expected).toBe(expected);
  });

  it("suggests the unit of a bare number", () => {
    expect(onlyError(top("limits: { timeout: 15 }")).hint).toBe("Write the unit: 15s.");
  });

  it("says that no limit must be written", () => {
    expect(onlyError(top("limits: { usd: }"))).toMatchObject({
      message: "`usd` has no value",
      hint: "Write `none` for no limit.",
    });
  });

  it("suggests the nearest criticality, adapter and critic", () => {
    expect(onlyError(top("criticality: standart")).nearest).toBe("standard");
    expect(onlyError(top("use: claude_cli")).nearest).toBe("claude-cli");
    expect(onlyError(slot("critics: [redteam]")).nearest).toBe("red-team");
  });

  it("explains a list item that became a mapping", () => {
    const error = onlyError(`${STAGES}    exit:\n      - Done: all of it\nworkflow: W\n`);
    expect(error.hint).toBe(
      'A plain value with ": " inside is read as a mapping. Quote it: "Done: all of it".',
    );
  });

  it("refuses a name that gives no id", () => {
    expect(onlyError(top("").replace("workflow: W", 'workflow: "…"')).hint).toContain("slug");
  });

  it("refuses a stage that is neither, and one that is both", () => {
    expect(onlyError("workflow: W\nstages:\n  - phas: P\n    slots: [{ brief: b }]\n")).toMatchObject({
      nearest: "phase",
    });
    expect(onlyError(barrier("phase: Q")).message).toBe("a stage cannot be a phase and a barrier at once");
  });

  it("refuses empty stages and empty slots", () => {
    expect(onlyError("workflow: W\nstages: []\n").key).toBe("stages");
    expect(onlyError("workflow: W\nstages: [{ phase: P, slots: [] }]\n").key).toBe("stages[0].slots");
  });
});

describe("all errors at once", () => {
  it("come from language, schema, rules and files together, in the order of the file", () => {
    const text = [
      "workflow: W",
      "criticality: C9",
      "rubric: [{ name: A, weight: 0.5 }]",
      "stages:",
      "  - phase: P",
      "    slots:",
      "      - { id: one, brief: Fix it, now }",
      "      - { id: one, brief: x, after: [three] }",
      "      - { brief_file: nope.md, role: ps-reseacher }",
    ].join("\n");
    expect(errorsOf(text).map(({ line, message }) => `${line} ${message}`)).toEqual([
      '2 the text "C9" does not fit `criticality`',
      "3 the weights sum to 0.5",
      '7 "now" stands after a comma inside { } and is read as a key of its own',
      "8 the slot id one is used twice",
      '8 no slot of this phase is called "three"',
      "9 the file nope.md is not there",
      "9 there is no role `ps-reseacher`",
    ]);
  });
});

describe("what is not built yet is refused with a sentence", () => {
  it.each([
    ["criticality: C4", "criticality C4 is not built yet"],
    ["criticality: critical", "criticality C4 is not built yet"],
    ["loop: ceiling", "`loop: ceiling` is not built yet"],
    ["inherit: [instructions, hooks]", "`inherit: hooks` is not built yet"],
    ["roles: { x: { mcp: [github] } }", "`mcp` is not built yet"],
    ["mcp: [github]", "`mcp` is not built yet"],
    ["escalate: [{ id: AE-006c, when: { makes: adr }, to: C3 }]", "the rule AE-006c is not built yet"],
  ])("%s", (line, message) => {
    const error = onlyError(top(line));
    expect(error.message).toContain(message);
    expect(error.hint).toBeDefined();
  });

  it("says where a key of the configuration belongs", () => {
    for (const key of ["layout", "notify", "approvals", "keep", "commands", "agents"]) {
      expect(onlyError(top(`${key}: x`))).toMatchObject({
        message: `\`${key}\` cannot stand in this file`,
        hint: expect.stringContaining("signalbox.yaml"),
      });
    }
  });
});

describe("names that must differ", () => {
  it("slot ids, also where one comes from a task", () => {
    expect(onlyError(slots("id: x, brief: b", "id: x, brief: b")).message).toBe(
      "the slot id x is used twice",
    );
    expect(onlyError(slots("task: TASK-001, brief: b", "id: task-001, brief: b")).message).toBe(
      "the slot id task-001 is used twice",
    );
  });

  it("tasks, whatever their case and id", () => {
    expect(onlyError(slots("task: TASK-001, brief: b", "task: task-001, brief: b")).message).toBe(
      "the task task-001 is used twice",
    );
    expect(onlyError(slots("task: T-1, brief: b", "id: x, task: T-1, brief: b")).message).toBe(
      "the task T-1 is used twice",
    );
  });

  it("pipeline keys and aliases", () => {
    expect(onlyError(top("pipelines:\n  a:\n  a:")).message).toBe("the same key stands twice in one mapping");
    const twice = `workflow: W\npipelines: { a: { alias: x }, b: { alias: x } }\nstages:\n${PHASE}`;
    expect(onlyError(twice)).toMatchObject({
      key: "pipelines.b.alias",
      message: "the alias x is used twice",
    });
  });

  it("artifacts and dimensions", () => {
    expect(
      onlyError(
        slots("role: ps-analyst, makes: a/b.md, brief: b", "role: ps-analyst, makes: ./a/b.md, brief: b"),
      ).message,
    ).toBe("the artifact a/b.md is used twice");
    expect(onlyError(top("rubric: [{ name: A b, weight: 0.5 }, { name: a-B, weight: 0.5 }]")).message).toBe(
      "the dimension a_b is there twice",
    );
  });

  it("names that the workflow itself uses", () => {
    expect(onlyError(slot("id: synthesis")).message).toContain("is a name that the workflow itself uses");
    expect(onlyError(slot("id: barrier-1")).message).toContain("is a name that the workflow itself uses");
    expect(onlyError(`workflow: W\npipelines: { a: { alias: synthesis } }\n${STAGES}`).message).toContain(
      "folder that the workflow itself uses",
    );
  });
});

describe("after", () => {
  it("refuses a name that no slot of the phase has, with the nearest", () => {
    expect(onlyError(slots("id: first, brief: b", "brief: b, after: frist"))).toMatchObject({
      key: "stages[0].slots[1].after",
      nearest: "first",
    });
  });

  it("does not see slots of other phases", () => {
    expect(
      onlyError(`${slots("id: first, brief: b")}  - phase: Q\n    slots: [{ brief: b, after: first }]\n`)
        .message,
    ).toBe('no slot of this phase is called "first"');
  });

  it("refuses a ring and names it", () => {
    expect(
      onlyError(slots("id: a, brief: b, after: c", "id: b, brief: b, after: a", "id: c, brief: b, after: b"))
        .message,
    ).toBe("these slots wait for each other: a after c after b after a");
  });

  it("refuses a slot that waits for itself", () => {
    expect(onlyError(slots("id: a, brief: b, after: a")).message).toBe("a slot cannot come after itself");
  });

  it("refuses a title that two slots have", () => {
    expect(
      onlyError(slots("title: Same, brief: b", "title: Same, brief: b", "brief: b, after: Same")).message,
    ).toContain("names 2 slots");
  });

  it("refuses a later slot in a sequential phase only", () => {
    const text = slots("id: a, brief: b, after: b", "id: b, brief: b");
    expect(errorsOf(text)).toEqual([]);
    expect(onlyError(`${text}    mode: sequential\n`).message).toBe('"b" stands later in a sequential phase');
  });

  it("finds slots by id, task and title", () => {
    expect(
      errorsOf(
        slots(
          "id: a, brief: b",
          "task: T-1, brief: b",
          "title: Some title, brief: b",
          "brief: b, after: [a, t-1, some title]",
        ),
      ),
    ).toEqual([]);
  });
});

describe("barriers", () => {
  it("cannot be the first stage or follow each other", () => {
    expect(
      onlyError(`workflow: W\npipelines: { a: , b: }\nstages:\n  - barrier: B\n    a -> b: x\n${PHASE}`)
        .message,
    ).toBe("a barrier cannot be the first stage");
    expect(onlyError(barrier("a -> b: x\n  - barrier: C\n    b -> a: x")).message).toBe(
      "a barrier cannot follow a barrier",
    );
  });

  it("refuse a direction with an unknown pipeline", () => {
    const text = barrier("alpha -> beat: x")
      .replace("{ a: , b: }", "{ alpha: , beta: }")
      .replaceAll("in: a", "in: alpha")
      .replaceAll("in: b", "in: beta");
    expect(onlyError(text)).toMatchObject({ message: "there is no pipeline `beat`", nearest: "beta" });
  });

  it("refuse a direction to itself, a direction twice, and one without a text", () => {
    expect(onlyError(barrier("a -> a: x")).message).toBe("the pipeline `a` cannot hand over to itself");
    expect(onlyError(barrier("a <-> b: x\n    a -> b: y")).message).toBe(
      "the direction a -> b is written twice",
    );
    expect(onlyError(barrier("a -> b:")).message).toBe("the direction `a -> b` has no text");
  });

  it("refuse a key that is neither direction nor key", () => {
    expect(onlyError(barrier("a -> b: x\n    treshold: 0.9"))).toMatchObject({
      message: "unknown key `treshold`",
      nearest: "threshold",
    });
    expect(onlyError(barrier("a <- b: x")).hint).toBe("Directions are written `a -> b` or `a <-> b`.");
  });

  it("need a pair of pipelines before them", () => {
    expect(
      onlyError(
        `${top("")}  - barrier: B\n  - phase: Q\n    slots: [{ brief: b }]\n`.replace(
          "workflow: W",
          "workflow: W\npipelines: { a: }",
        ),
      ).message,
    ).toContain("one pipeline only");
  });

  it("refuse a strategy that was not selected and a threshold of 0", () => {
    expect(onlyError(barrier("a -> b: x\n    strategies: [S-005]")).expected).toContain("S-014");
    expect(onlyError(barrier("a -> b: x\n    threshold: 0")).key).toBe("stages[1].threshold");
  });
});

describe("roles, adapters, pipelines", () => {
  it("refuses an unknown role wherever one may stand", () => {
    for (const line of ["role: codr", "validator: codr", "cross_check: codr", "loop: { critic: codr }"]) {
      expect(onlyError(slot(line))).toMatchObject({ message: "there is no role `codr`", nearest: "coder" });
    }
  });

  it("accepts a role that the definition declares", () => {
    expect(errorsOf(`roles: { tester: { makes: report } }\n${slot("role: tester")}`)).toEqual([]);
  });

  it("refuses a person as a reviewer or in a pair", () => {
    expect(onlyError(slot("validator: user")).message).toBe("`user` cannot review");
    expect(onlyError(slot("role: [coder, user]")).message).toBe("a person cannot be paired with an agent");
    expect(onlyError(slot("role: [coder, ps-critic, ps-analyst]")).message).toBe("3 roles share one slot");
  });

  it("asks which file a person's slot waits for", () => {
    expect(onlyError(slot("role: user")).expected).toContain("`makes`");
  });

  it("asks for a role where no commit is made", () => {
    expect(onlyError(slot("makes: research")).message).toBe("`role` is missing");
  });

  it("refuses a program that no configuration declares", () => {
    expect(onlyError(top("use: command:codex")).message).toBe("no program `codex` is configured");
  });

  it("refuses an unknown pipeline and one that is not clear", () => {
    expect(onlyError(slot("in: a")).message).toBe("there is no pipeline `a`");
    const two = `workflow: W\npipelines: { one: { skill: problem-solving }, two: { skill: problem-solving } }\n`;
    expect(onlyError(`${two}${STAGES}`).message).toBe("the slot's pipeline is not clear");
    expect(onlyError(`${two}${STAGES}        role: ps-analyst\n`).expected).toBe("in: one of one, two");
    const clear = two.replace("two: { skill: problem-solving }", "two: { skill: nasa-se }");
    expect(errorsOf(`${clear}${STAGES}        role: ps-analyst\n`)).toEqual([]);
  });

  it("refuses a slot that says nothing, and one that says it twice", () => {
    expect(onlyError("workflow: W\nstages: [{ phase: P, slots: [{ role: coder }] }]\n").message).toBe(
      "nothing says what the slot is to do",
    );
    expect(onlyError(slot("brief_file: x.md"), { readFile: () => "text" }).message).toBe(
      "`brief` and `brief_file` exclude each other",
    );
  });

  it("refuses two checks of the same name, and a rule without condition", () => {
    expect(onlyError(top("checks: [npm test, { name: npm test, run: x }]"))).toMatchObject({
      key: "checks[1]",
      message: "the check npm test is there twice",
    });
    expect(onlyError(top("escalate: [{ id: AE-100, when: {}, to: C3 }]")).message).toBe(
      "the rule names no condition",
    );
  });

  it("refuses a lint that cannot be accepted", () => {
    expect(onlyError(slot("allow: self-validaton")).nearest).toBe("self-validation");
  });
});

describe("numbers", () => {
  it("weights sum to 1 in decimal, not in binary", () => {
    const tenth = Array.from({ length: 10 }, (_, index) => `{ name: D${index}, weight: 0.1 }`).join(", ");
    expect(errorsOf(top(`rubric: [${tenth}]`))).toEqual([]);
    expect(
      errorsOf(
        top(
          "rubric: [{ name: A, weight: 0.3333 }, { name: B, weight: 0.3333 }, { name: C, weight: 0.3334 }]",
        ),
      ),
    ).toEqual([]);
    expect(onlyError(top("rubric: [{ name: A, weight: 0.5 }, { name: B, weight: 0.4999 }]")).message).toBe(
      "the weights sum to 0.9999",
    );
    expect(
      errorsOf(top("rubric: [{ name: A, weight: 0.33333 }, { name: B, weight: 0.66667 }]")).map(
        ({ message }) => message,
      ),
    ).toEqual([
      "the weight 0.33333 has more than four decimals",
      "the weight 0.66667 has more than four decimals",
    ]);
  });

  it("rounds have a minimum of at most the maximum", () => {
    expect(onlyError(top("loop: { min: 4, max: 2 }")).message).toBe("`min` 4 is above `max` 2");
    expect(onlyError(top("loop: { min: 4 }")).message).toBe("`min` 4 is above the default `max` of 3");
    expect(onlyError(top("loop: { max: 0 }")).hint).toContain("loop: none");
  });

  it("samples fit under their maximum", () => {
    expect(onlyError(top("judge: { samples: 9 }")).message).toBe("`samples` 9 is above `max_samples` 7");
    expect(onlyError(slot("judge: { max_samples: 2 }")).key).toBe("stages[0].slots[0].judge.max_samples");
  });
});

describe("paths stay inside", () => {
  it.each([
    ["../x", "leaves the repository"],
    ["a/../../x", "leaves the repository"],
    ["/etc/passwd", "is absolute"],
    ["C:/x", "is absolute"],
    ["~/x", "starts in a home folder"],
    ["a\\\\b", "contains a backslash"],
    [".git/hooks", "reaches into .git"],
    ["sub/.GIT/config", "reaches into .git"],
    ["./", "names no file"],
  ])("%s", (path, fault) => {
    for (const line of ["reads", "touches", "writes", "protect", "constitution"]) {
      expect(onlyError(slot(`${line}: ["${path}"]`)).message).toContain(fault);
    }
    for (const key of ["copy", "link"])
      expect(onlyError(top(`provision: { ${key}: "${path}" }`)).message).toContain(fault);
    expect(onlyError(top(`roles: { x: { charter: "${path}" } }`)).message).toContain(fault);
  });

  it("also where a slot says what it makes", () => {
    expect(onlyError(slot("role: ps-analyst\nmakes: ../x.md")).message).toBe(
      '"../x.md" leaves the workflow folder',
    );
    expect(onlyError(slot("role: ps-analyst\nmakes: ORCHESTRATION.yaml")).message).toContain(
      "Signalbox itself writes",
    );
    expect(onlyError(slot("role: ps-analyst\nmakes: docs/")).message).toContain("is a folder");
    expect(onlyError(slot("role: ps-analyst\nmakes: a b.md")).message).toContain("contains a blank");
    expect(onlyError(slot("role: ps-analyst\nmakes: Research")).message).toContain(
      "neither an artifact type nor a path",
    );
  });

  it("a negated glob would turn the boundary around", () => {
    expect(onlyError(slot('writes: ["!src/**"]')).message).toBe('"!src/**" is negated');
  });

  it("a file that leads out is never read", () => {
    const read: string[] = [];
    errorsOf(`workflow: W\nstages: [{ phase: P, slots: [{ brief_file: ../secret }] }]\n`, {
      readFile: (path) => {
        read.push(path);
        return "text";
      },
    });
    expect(read).toEqual([]);
  });
});

describe("inputs", () => {
  const declared = (lines: string, goal: string) =>
    `workflow: W\ninputs: { ${lines} }\ngoal: "${goal}"\n${STAGES}`;

  it("without a value are refused", () => {
    expect(onlyError(declared("version: { type: string }", "x")).hint).toContain("--set version=value");
  });

  it("that nobody declared are refused, with the nearest", () => {
    expect(onlyError(declared("version: a", "${{ inputs.verion }}"))).toMatchObject({
      key: "goal",
      nearest: "version",
    });
    expect(onlyError(declared("version: a", "x"), { inputs: { verion: "b" } })).toMatchObject({
      nearest: "version",
    });
  });

  it("of the wrong type are refused", () => {
    expect(onlyError(declared("n: 1", "x"), { inputs: { n: "many" } }).expected).toBe("a number");
    expect(onlyError(declared("n: true", "x"), { inputs: { n: "yes" } }).expected).toBe("true or false");
    expect(onlyError(declared("n: { type: number, default: a }", "x")).message).toContain(
      "its type is number",
    );
    expect(onlyError(declared("n: { type: date, default: a }", "x")).expected).toBe(
      "string, number, boolean",
    );
  });

  it("are the only expressions", () => {
    expect(onlyError(declared("a: b", "${{ env.HOME }}")).message).toContain("cannot be used here");
    expect(onlyError(declared("a: b", "${{ port.0 }}")).hint).toContain("env");
    expect(onlyError(declared("a: b", "${{ inputs.a")).message).toContain("without closing it");
    expect(onlyError(declared("a: b", "${{ inputs.constructor }}")).message).toContain("there is no input");
  });

  it.each([
    'env: { set: { PORT: "${{ port.0 }}", URL: "http://localhost:${{port.12}}/" } }',
    'provision: { ports: 20, run: ["seed --port ${{ port.1 }}"] }',
    'provision: { run: "seed --port ${{ port.1 }}" }',
    'checks: ["PORT=${{ port.0 }} npm test", { name: e2e, run: "e2e ${{ port.2 }}" }]',
  ])("beside ports, where a worktree is known: %s", (line) => {
    expect(errorsOf(top(line))).toEqual([]);
  });

  it.each([
    'env: { pass: "${{ port.0 }}" }',
    'checks: [{ name: "on ${{ port.0 }}", run: a }]',
    'model: "${{ port.0 }}"',
    'env: { set: { PORT: "${{ port.100 }}" } }',
    'env: { set: { PORT: "${{ port.a }}" } }',
  ])("and ports cannot stand elsewhere: %s", (line) => {
    expect(errorsOf(top(line)).map((error) => error.hint)).toContainEqual(expect.stringContaining("port.0"));
  });

  it("that break a value are reported at the value", () => {
    const text = `workflow: W\ninputs: { n: many }\nlimits: { turns: "\${{ inputs.n }}" }\n${STAGES}`;
    expect(onlyError(text)).toMatchObject({
      line: 3,
      key: "limits.turns",
      message: 'the text "many" does not fit `turns`',
    });
  });
});

describe("warnings", () => {
  it("name a pipeline that nothing uses", () => {
    const result = parseDefinition(
      `workflow: W\npipelines: { a: , b: }\nstages: [{ phase: P, slots: [{ in: a, brief: b }] }]\n`,
      { file: "f.yaml" },
    );
    expect(result.ok && result.warnings.map((warning) => warning.message)).toEqual([
      "no slot is in the pipeline `b`",
    ]);
  });
});
