/** Reads documents of the project for tests: code, tables, headings, links. Just enough Markdown for our own files. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface Link {
  readonly text: string;
  readonly target: string;
}

export interface Section {
  /** Heading without its marks. */
  readonly title: string;
  /** Cells of all table rows below the heading, head rows left out. */
  readonly rows: readonly (readonly string[])[];
}

/** Content of a file of the project, by its path from the root. */
export function projectFile(path: string): string {
  return readFileSync(`${ROOT}${path}`, "utf8");
}

/** Paths from the root of all files below a folder that end in `ending`, in a fixed order. */
export function projectFiles(folder: string, ending: string): readonly string[] {
  const names = readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)
    .sort();
}

/** Paths from the root of a folder and everything below it that is a folder. */
export function projectFolders(folder: string): readonly string[] {
  const entries = readdirSync(`${ROOT}${folder}`, { withFileTypes: true });
  const inner = entries.filter((entry) => entry.isDirectory()).map((entry) => `${folder}/${entry.name}`);
  return inner.flatMap((path) => [path, ...projectFolders(path)]).sort();
}

/** A text without its fenced code. */
export function prose(text: string): string {
  return text.replace(/^```[^\n]*\n[\s\S]*?^```$/gm, "");
}

/** Lines of fenced code, in order. */
export function codeLines(text: string): readonly string[] {
  return [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```$/gm)].flatMap((match) => (match[1] ?? "").split("\n"));
}

/** Contents of inline code, in order. */
export function codeSpans(text: string): readonly string[] {
  return [...prose(text).matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? "");
}

/** Links outside code, in order. */
export function links(text: string): readonly Link[] {
  const found = prose(text).matchAll(/\[((?:`[^`]*`|[^\]`])*)\]\(([^()\s]+)\)/g);
  return [...found].map(([, label = "", target = ""]) => ({ text: label, target }));
}

/** Anchors of the headings, as a forge makes them. */
export function anchors(text: string): readonly string[] {
  return headings(text).map(({ title }) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** All sections in order; a section ends at the next heading of any level. */
export function sections(text: string): readonly Section[] {
  return headings(text).map(({ title, body }) => ({ title, rows: tableRows(body) }));
}

function headings(text: string): readonly { readonly title: string; readonly body: string }[] {
  const parts = prose(text).split(/^#{1,6} +(.+)$/m);
  return parts.flatMap((part, index) =>
    index % 2 === 1 ? [{ title: part.trim(), body: parts[index + 1] ?? "" }] : [],
  );
}

function tableRows(body: string): readonly (readonly string[])[] {
  const lines = body.split("\n");
  return lines
    .filter((line, index) => line.startsWith("|") && !isRule(line) && !isRule(lines[index + 1] ?? ""))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
}

function isRule(line: string): boolean {
  return /^\|[-|: ]+\|$/.test(line);
}
