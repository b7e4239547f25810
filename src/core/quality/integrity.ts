/** Whether a session stayed inside and left what it owed, judged from its commit alone. Source: design §4, §7, P6, P7; domain §3. */
import { matchAnyGlob } from "../glob.ts";
import type { Plan, PlannedDeliverable } from "../plan/plan.ts";
import type { ArtifactStandIn, ChangedFile, CommitReport } from "../workflow/outcome.ts";
import type { Finding } from "../workflow/round.ts";
import { numberFindings } from "./findings.ts";
import { joinedFindings } from "./joined.ts";
import { type Protection, protections } from "./protection.ts";
import type { RawFinding } from "./raw-finding.ts";

export interface Integrity {
  /** All CRITICAL; empty = the commit is in order. */
  readonly findings: readonly Finding[];
  /** Changes that a person must approve whatever the score, sorted by path, each path once. */
  readonly protections: readonly Protection[];
  /** True when nothing was made: no artifact, or no changed file where a commit was owed. */
  readonly empty: boolean;
}

/** Names that only the coordinator writes, wherever they are. */
const STATE_FILES: ReadonlySet<string> = new Set([
  "ORCHESTRATION.yaml",
  "ORCHESTRATION_PLAN.md",
  "ORCHESTRATION_WORKTRACKER.md",
]);

/** Globs that the session of a deliverable may change: its own folder, its artifact, and what the settings add. */
export function writesOf(deliverable: PlannedDeliverable): readonly string[] {
  const { makes, settings } = deliverable;
  const own = deliverable.folder === "" ? [] : [`${deliverable.folder.replace(/\/$/, "")}/**`];
  const artifact = makes.kind === "file" ? [makes.path] : [];
  const added = makes.kind === "commit" && settings.writes.length === 0 ? ["**"] : settings.writes;
  return [...new Set([...own, ...artifact, ...added])];
}

/** Judges a commit of a session. `leftOut`: what its creator says it left out of a join. An empty `makes: commit` is `empty` without a finding: a person decides (design §11 no. 3). */
export function integrityFindings(
  deliverable: PlannedDeliverable,
  plan: Plan,
  report: CommitReport,
  round: number,
  leftOut: readonly string[] = [],
): Integrity {
  const paths = changedPaths(report.files);
  const raw = [
    ...artifactFindings(deliverable, report),
    ...paths.flatMap((path) => pathFinding(deliverable, plan, path)),
    ...report.strays.map(strayFinding),
    ...(report.trespasses ?? []).map(({ name, evidence, action }) =>
      critical("CONTRADICTION", name, evidence, action),
    ),
    ...report.nested.map(nestedFinding),
    ...joinedFindings(report.joined, leftOut),
  ];
  return {
    findings: numberFindings(raw, { round, findings: [] }, "integrity"),
    protections: protections(deliverable, report.files),
    empty: isEmpty(deliverable, report),
  };
}

/** A rename counts as a change of both ends. */
function changedPaths(files: readonly ChangedFile[]): readonly string[] {
  return [
    ...new Set(files.flatMap((file) => (file.from === undefined ? [file.path] : [file.path, file.from]))),
  ];
}

/** True when the session left something where no commit of its worktree can have it. */
export function isElsewhere(report: CommitReport): boolean {
  return report.nested.length > 0 || report.strays.length > 0;
}

/** Work that stands in a repository of its own or in the main checkout is there, only not in the commit: that is no "nothing was made". */
function isEmpty(deliverable: PlannedDeliverable, report: CommitReport): boolean {
  if (isElsewhere(report)) return false;
  return deliverable.makes.kind === "file" ? (report.artifactBytes ?? 0) <= 0 : report.files.length === 0;
}

function artifactFindings(deliverable: PlannedDeliverable, report: CommitReport): readonly RawFinding[] {
  if (deliverable.makes.kind === "commit" || (report.artifactBytes ?? 0) > 0) return [];
  const { path } = deliverable.makes;
  return [
    critical(
      "MISSING_EVIDENCE",
      path,
      `The file ${artifactTrouble(report)}.`,
      `Write the artifact to exactly ${path}, as a regular file.`,
    ),
  ];
}

/** Why an artifact does not count, as the end of a sentence that begins with its path: `is missing`. */
export function artifactTrouble({
  artifactBytes,
  artifactIs,
}: Pick<CommitReport, "artifactBytes" | "artifactIs">): string {
  if (artifactIs !== undefined) return `${STAND_INS[artifactIs]}; an artifact must be a regular file`;
  return artifactBytes === 0 ? "is empty" : "is missing";
}

const STAND_INS: Readonly<Record<ArtifactStandIn, string>> = {
  symlink: "is a symlink",
  "behind-symlink": "lies in a folder that is a symlink",
  folder: "is a folder",
  special: "is no file that git can keep",
};

function pathFinding(deliverable: PlannedDeliverable, plan: Plan, path: string): readonly RawFinding[] {
  const action = `Take back every change to ${path}.`;
  if (isDocumentOfOurs(plan, path)) {
    return [
      critical("CONTRADICTION", path, "Only the coordinator writes workflow state and documents.", action),
    ];
  }
  if (deliverable.makes.kind === "file" && deliverable.makes.path === path) return [];
  const owner = ownerOf(deliverable, plan, path);
  if (owner !== undefined) return [critical("CONTRADICTION", path, `The path belongs to ${owner}.`, action)];
  if (isInside(deliverable.folder, path)) return [];
  if (path.startsWith(plan.layout.folder) && !isOpened(deliverable, plan, path)) {
    return [critical("CONTRADICTION", path, "The workflow folder is not this slot's to write.", action)];
  }
  if (matchAnyGlob(writesOf(deliverable), path)) return [];
  return [critical("CONTRADICTION", path, "The path is outside the write boundary.", action)];
}

/** True for the three rendered documents, under any name that the layout gives them. */
export function isDocumentOfOurs(plan: Plan, path: string): boolean {
  const { stateFile, planFile, trackerFile } = plan.layout;
  return (
    [stateFile, planFile, trackerFile].includes(path) ||
    STATE_FILES.has(path.slice(path.lastIndexOf("/") + 1))
  );
}

/** The other deliverable whose artifact or folder it is, unless the path is in this one's own, deeper or equal, folder. */
function ownerOf(deliverable: PlannedDeliverable, plan: Plan, path: string): string | undefined {
  const others = plan.deliverables.filter((other) => other.id !== deliverable.id);
  const byArtifact = others.find((other) => other.makes.kind === "file" && other.makes.path === path);
  if (byArtifact !== undefined) return byArtifact.id;
  const own = isInside(deliverable.folder, path) ? deliverable.folder.length : -1;
  return others.find((other) => isInside(other.folder, path) && other.folder.length > own)?.id;
}

/** A glob such as `**` does not open the workflow folder; one that names it does. */
function isOpened(deliverable: PlannedDeliverable, plan: Plan, path: string): boolean {
  const named = deliverable.settings.writes.filter((glob) => glob.startsWith(plan.layout.folder));
  return matchAnyGlob(named, path);
}

function isInside(folder: string, path: string): boolean {
  return folder !== "" && path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

function strayFinding(path: string): RawFinding {
  return critical(
    "CONTRADICTION",
    path,
    "The session wrote into the main checkout, outside its worktree.",
    "Write only inside the worktree; the file in the main checkout is reported to a person.",
  );
}

function nestedFinding(folder: string): RawFinding {
  return critical(
    "MISSING_EVIDENCE",
    folder,
    "The folder is a git repository of its own, so nothing in it is part of the commit.",
    `Remove ${folder}.git so that the files become part of the work; where it must stay a repository, a person adds it as a submodule.`,
  );
}

function critical(type: RawFinding["type"], section: string, evidence: string, action: string): RawFinding {
  return { type, severity: "CRITICAL", section, evidence, action };
}
