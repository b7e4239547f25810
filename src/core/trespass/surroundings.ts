/** What is the user's around a session: everything of the repository that no session has a business with (P6). */
import type { CommitId } from "../vocabulary.ts";

/** How it stood at one moment. */
export interface Surroundings {
  /** Main checkout, absolute. */
  readonly root: string;
  /** Git's common folder, absolute. */
  readonly commonDir: string;
  /** Branch that is checked out there; null when detached. */
  readonly branch: string | null;
  readonly commit: CommitId | null;
  /** Files there that are not as committed, each with a text that differs where content or index differ. */
  readonly files: Readonly<Record<string, string>>;
  /** Refs that are not ours, full names. */
  readonly refs: Readonly<Record<string, string>>;
  /** Settings of the repository and its main worktree, keys as git lists them; several values joined by NUL. */
  readonly settings: Readonly<Record<string, string>>;
  /** Hooks and files of git that change how it works, relative to the common folder, each with a text of its content. */
  readonly gitFiles: Readonly<Record<string, string>>;
}

/** What a session called, oldest first. */
export interface ToolCall {
  readonly tool: string;
  /** File, command line or pattern. */
  readonly target: string;
}

/** Something of the user's that is not as it was before the session. */
export interface Trespass {
  readonly kind: "file" | "checkout" | "ref" | "setting" | "git-file";
  /** Path, ref or key. */
  readonly name: string;
  /** True where the session's own calls name it; false where only the time tells. */
  readonly named: boolean;
  /** One sentence: what is different. */
  readonly evidence: string;
  /** One sentence: what a person can do. */
  readonly action: string;
  /** Commit that a ref stood at, to be kept reachable. */
  readonly lost?: CommitId;
  /** How it was, where it can be put back without touching what may be somebody else's; null = it was not there. */
  readonly before?: string | null;
  /** How it is now; undone only while it still is. */
  readonly now?: string | null;
}
