import { describe, expect, it } from "vitest";
import { crossPollinatedPlan, sequentialPlan } from "../../../test/builders/plans.ts";
import type { PlannedDeliverable } from "../plan/plan.ts";
import type { ChangedFile, CommitReport } from "../workflow/outcome.ts";
import { type Integrity, integrityFindings, writesOf } from "./integrity.ts";

const plan = crossPollinatedPlan();
const sequential = sequentialPlan();
const slot = byId(plan.deliverables, "agent-a-001");
const commitSlot = byId(sequential.deliverables, "task-004");
const artifact = slot.makes.kind === "file" ? slot.makes.path : "";

function byId(deliverables: readonly PlannedDeliverable[], id: string): PlannedDeliverable {
  const found = deliverables.find((d) => d.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

function changed(...paths: readonly string[]): readonly ChangedFile[] {
  return paths.map((path) => ({ path, change: "modified" }));
}

function aReport(changes: Partial<CommitReport> = {}): CommitReport {
  return {
    commit: "1".repeat(40),
    base: "2".repeat(40),
    files: changed(artifact),
    artifactBytes: 120,
    strays: [],
    nested: [],
    ...changes,
  };
}

function inspect(changes: Partial<CommitReport>, deliverable = slot): Integrity {
  return integrityFindings(deliverable, deliverable === slot ? plan : sequential, aReport(changes), 1);
}

const reasons = (result: Integrity): readonly string[] =>
  result.findings.map((f) => `${f.section}: ${f.evidence}`);

describe("the commit of a document slot", () => {
  it("is in order with the artifact and more files in its folder", () => {
    const result = inspect({ files: changed(artifact, `${slot.folder}figures/one.svg`) });
    expect(result).toEqual({ findings: [], protections: [], empty: false });
  });

  it.each([
    ["missing", { artifactBytes: null }, "The file is missing."],
    ["empty", { artifactBytes: 0 }, "The file is empty."],
    [
      "a symlink",
      { artifactBytes: null, artifactIs: "symlink" as const },
      "The file is a symlink; an artifact must be a regular file.",
    ],
    [
      "behind a symlink",
      { artifactBytes: null, artifactIs: "behind-symlink" as const },
      "The file lies in a folder that is a symlink; an artifact must be a regular file.",
    ],
  ])("is empty and CRITICAL when the artifact is %s", (_, report, evidence) => {
    const result = inspect(report);
    expect(result.empty).toBe(true);
    expect(reasons(result)).toEqual([`${artifact}: ${evidence}`]);
    expect(result.findings[0]?.severity).toBe("CRITICAL");
  });

  it.each([
    ["source code", "src/index.ts", "The path is outside the write boundary."],
    ["the state", plan.layout.stateFile, "Only the coordinator writes workflow state and documents."],
    ["a document of another workflow", "orchestration/old/ORCHESTRATION_PLAN.md", "Only the coordinator"],
    [
      "another slot's folder",
      `${byId(plan.deliverables, "agent-b-001").folder}notes.md`,
      "The path belongs to agent-b-001.",
    ],
    [
      "a place in the workflow folder that is nobody's",
      `${plan.layout.folder}notes.md`,
      "not this slot's to write",
    ],
  ])("is CRITICAL when it touches %s", (_, path, evidence) => {
    const result = inspect({ files: changed(artifact, path) });
    expect(reasons(result)).toEqual([expect.stringContaining(evidence)]);
    expect(result.findings[0]).toMatchObject({
      id: "F-1-1",
      source: "integrity",
      severity: "CRITICAL",
      section: path,
    });
  });

  it("is CRITICAL when a rename takes a file away from outside", () => {
    const result = inspect({ files: [{ path: artifact, change: "renamed", from: "README.md" }] });
    expect(reasons(result)).toEqual(["README.md: The path is outside the write boundary."]);
  });

  it("is CRITICAL when a folder is a repository of its own, whose content is not in the commit", () => {
    const { findings, empty } = inspect({ files: [], artifactBytes: null, nested: ["tools/gen/"] });
    expect(empty).toBe(false);
    expect(findings.find((f) => f.section === "tools/gen/")).toMatchObject({
      severity: "CRITICAL",
      evidence: expect.stringContaining("nothing in it is part of the commit"),
      action: expect.stringMatching(/Remove tools\/gen\/\.git .* submodule/),
    });
  });

  it("is CRITICAL when the session wrote into the main checkout", () => {
    expect(reasons(inspect({ strays: ["src/a.ts"] }))).toEqual([
      "src/a.ts: The session wrote into the main checkout, outside its worktree.",
    ]);
  });

  it("does not take a folder whose name only begins alike for its own", () => {
    const path = `${slot.folder.replace(/\/$/, "")}-more/x.md`;
    expect(inspect({ files: changed(artifact, path) }).findings).toHaveLength(1);
  });
});

describe("the commit of a code slot", () => {
  const { artifactBytes: _, ...report } = aReport();
  const code = (changes: Partial<CommitReport>, deliverable = commitSlot): Integrity =>
    integrityFindings(deliverable, sequential, { ...report, ...changes }, 1);

  it("may change any file of the repository but not the workflow's", () => {
    expect(code({ files: changed("src/a.ts", "docs/b.md") }).findings).toEqual([]);
    const inside = code({ files: changed(`${sequential.layout.folder}notes.md`) });
    expect(reasons(inside)).toEqual([expect.stringContaining("not this slot's to write")]);
    const state = code({ files: changed("docs/ORCHESTRATION.yaml") });
    expect(reasons(state)).toEqual([expect.stringContaining("Only the coordinator writes")]);
  });

  it("may not change the artifact of another slot that the wide glob would cover", () => {
    const other = byId(sequential.deliverables, "task-001");
    const path = other.makes.kind === "file" ? other.makes.path : "";
    expect(reasons(code({ files: changed(path) }))).toEqual([`${path}: The path belongs to task-001.`]);
  });

  it("is empty without a change, and a person decides", () => {
    expect(code({ files: [], commit: null })).toEqual({ findings: [], protections: [], empty: true });
  });

  it("says once for each protected file what happened to it: by glob, by kind of change, and every submodule", () => {
    const guarded = {
      ...commitSlot,
      settings: {
        ...commitSlot.settings,
        protect: [".github/**", "db/**", "scripts/test.mjs"],
        checkScripts: ["scripts/test.mjs"],
      },
    };
    const files: readonly ChangedFile[] = [
      { path: "vendor/lib", change: "submodule" },
      { path: "test/a.test.ts", change: "modified", protected: "skips a test", protectedLine: 12 },
      { path: "ci.yml", change: "renamed", from: ".github/workflows/ci.yml" },
      { path: "db/schema.sql", change: "modified" },
      { path: "scripts/test.mjs", change: "modified" },
      { path: "src/a.ts", change: "modified" },
    ];
    expect(code({ files }, guarded).protections).toEqual([
      { path: "ci.yml", reason: "changes CI: ci.yml" },
      { path: "db/schema.sql", reason: "changes a protected file (db/**): db/schema.sql" },
      { path: "scripts/test.mjs", reason: "changes what a check runs: scripts/test.mjs" },
      { path: "test/a.test.ts", reason: "skips a test: test/a.test.ts:12" },
      { path: "vendor/lib", reason: "changes a submodule: vendor/lib" },
    ]);
  });
});

describe("what a session may write", () => {
  it("is its folder and its artifact for a document, everything for a commit", () => {
    expect(writesOf(slot)).toEqual([`${slot.folder}**`, artifact]);
    expect(writesOf(commitSlot)).toContain("**");
    const bare = { ...commitSlot, settings: { ...commitSlot.settings, writes: [] } };
    expect(writesOf(bare)).toContain("**");
  });
});
