/** Tasks out of a text that a person keeps by hand: one per paragraph or list item of Markdown. */

/** What was found, in the order of the text. */
export interface TaskList {
  readonly tasks: readonly string[];
  /** What is there and was not taken for a task, in words with its line: told, never dropped silently. */
  readonly skipped: readonly string[];
}

interface Block {
  readonly kind: "paragraph" | "item";
  readonly line: number;
  readonly lines: string[];
  /** Columns that continuation lines are indented by. */
  readonly indent: number;
  readonly ticked: boolean;
}

/**
 * Each paragraph and each item of the outermost lists is one task; what is indented below an item belongs to it, and so
 * does a list that follows a paragraph without an empty line. Headings, ticked items, comments and a paragraph that ends
 * in a colon and only introduces a list are no tasks.
 */
export function readTasks(text: string): TaskList {
  const reader = new TaskReader();
  for (const [index, line] of linesOf(text).entries()) reader.take(line, index + 1);
  return reader.end();
}

function linesOf(text: string): readonly string[] {
  const lines = text
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => line.trimEnd().replaceAll("\t", "    "));
  const indents = lines.filter((line) => line !== "").map(indentOf);
  const least = Math.min(...indents);
  return lines.map((line) => line.slice(Number.isFinite(least) ? least : 0));
}

const ITEM = /^( ?)([-*+]|\d{1,3}[.)])( +)(\[[ xX]\] +)?(.*)$/;

class TaskReader {
  private readonly blocks: Block[] = [];
  private readonly skipped: { readonly line: number; readonly text: string }[] = [];
  private current: Block | null = null;
  private fence: string | null = null;
  private inComment = false;
  private blankBefore = true;

  take(line: string, number: number): void {
    if (this.fence !== null || this.opensFence(line)) this.fenced(line, number);
    else if (this.inComment || line.startsWith("<!--")) this.inComment = !line.includes("-->");
    else if (line === "") this.blank();
    else if (/^#{1,6} /.test(line) || this.isUnderline(line)) this.heading(line, number);
    else if (/^([-*_] ?){3,}$/.test(line)) this.current = null;
    else this.words(line, number);
    this.blankBefore = line === "" && this.fence === null;
  }

  end(): TaskList {
    const tasks: string[] = [];
    for (const [index, block] of this.blocks.entries()) {
      const text = block.lines.join("\n").trim();
      const next = this.blocks[index + 1];
      if (block.ticked) this.skip(block.line, "done", text);
      else if (block.kind === "paragraph" && text.endsWith(":") && next?.kind === "item")
        this.skip(block.line, "introduces a list", text);
      else if (text !== "") tasks.push(text);
    }
    const skipped = this.skipped.toSorted((a, b) => a.line - b.line).map(({ text }) => text);
    return { tasks, skipped };
  }

  private opensFence(line: string): boolean {
    return /^ *(```|~~~)/.test(line);
  }

  private fenced(line: string, number: number): void {
    const mark = /^ *(```+|~~~+)/.exec(line)?.[1] ?? null;
    if (this.fence === null) {
      if (this.current === null || (this.blankBefore && !this.continues(line)))
        this.open("paragraph", number);
      this.fence = mark;
    } else if (mark?.startsWith(this.fence) === true) this.fence = null;
    this.append(line);
  }

  private blank(): void {
    if (this.current?.kind === "paragraph") this.current = null;
    else this.current?.lines.push("");
  }

  /** A line of `===` or `---` right below a single line makes that line a heading. */
  private isUnderline(line: string): boolean {
    const { current } = this;
    return /^(=+|-+)$/.test(line) && current?.kind === "paragraph" && current.lines.length === 1;
  }

  private heading(line: string, number: number): void {
    if (line.startsWith("#")) this.skip(number, "heading", line.replace(/^#+ */, ""));
    else {
      this.blocks.pop();
      this.skip(number - 1, "heading", this.current?.lines[0] ?? "");
    }
    this.current = null;
  }

  private words(line: string, number: number): void {
    const item = ITEM.exec(line);
    if (item !== null && this.current?.kind !== "paragraph") {
      const [, lead = "", mark = "", gap = "", box = "", text = ""] = item;
      const indent = lead.length + mark.length + gap.length;
      this.open("item", number, { indent, ticked: /x/i.test(box) });
      this.append(`${" ".repeat(indent)}${text}`);
      return;
    }
    if (this.current === null || (this.blankBefore && !this.continues(line))) this.open("paragraph", number);
    this.append(line);
  }

  /** True when a line after an empty one still belongs to the item above. */
  private continues(line: string): boolean {
    return this.current?.kind === "item" && indentOf(line) >= 2;
  }

  private open(kind: Block["kind"], line: number, item = { indent: 0, ticked: false }): void {
    this.current = { kind, line, lines: [], ...item };
    this.blocks.push(this.current);
  }

  private append(line: string): void {
    const { current } = this;
    current?.lines.push(line.slice(Math.min(indentOf(line), current.indent)));
  }

  private skip(line: number, why: string, text: string): void {
    const first = text.split("\n")[0] ?? "";
    const shown = first.length > 60 ? `${first.slice(0, 59)}…` : first;
    this.skipped.push({ line, text: `line ${line} (${why}): ${shown}` });
  }
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
