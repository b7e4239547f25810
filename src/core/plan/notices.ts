/** What the planner has to say beside the plan. An error makes the plan void; warnings and infos are printed with it. */
import type { SourcePosition } from "../definition.ts";
import type { Notice } from "./plan.ts";

export interface NoticeText {
  readonly code: string;
  readonly subject: string;
  readonly message: string;
  readonly position?: SourcePosition | undefined;
}

/** Collects notices in the order in which they are found; the same words about the same subject are said once. */
export class Notices {
  readonly #found: Notice[] = [];

  error(text: NoticeText): void {
    this.#add("error", text);
  }

  warn(text: NoticeText): void {
    this.#add("warning", text);
  }

  info(text: NoticeText): void {
    this.#add("info", text);
  }

  /** Errors first, then warnings, then infos; each in the order found. */
  all(): readonly Notice[] {
    const of = (level: Notice["level"]) => this.#found.filter((notice) => notice.level === level);
    return [...of("error"), ...of("warning"), ...of("info")];
  }

  #add(level: Notice["level"], { code, subject, message, position }: NoticeText): void {
    const known = this.#found.some(
      (one) => one.code === code && one.subject === subject && one.message === message,
    );
    if (known) return;
    this.#found.push({ level, code, subject, message, ...(position === undefined ? {} : { position }) });
  }
}
