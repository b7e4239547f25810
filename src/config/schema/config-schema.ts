/** The shape of `signalbox.yaml` and of the user's own configuration. */
import { z } from "zod";
import { behind, branch, choice, duration, entity, flag, line, lines, slug } from "./leaves.ts";
import { notify } from "./notify-keys.ts";
import { env, finishKeys, merge, sharedKeys } from "./run-keys.ts";

const agent = z.strictObject({
  adapter: choice(["acp"])
    .optional()
    .describe("How it is spoken to: by the Agent Client Protocol. Default acp."),
  command: z.array(line).min(1).describe("Program and arguments that start it, such as [gemini, --acp]."),
  env: env.optional().describe("Variables of this agent, below those of `env`."),
  auth: line
    .optional()
    .describe("Login method to choose after the start, by the agent's own id. Default none."),
  mode: line.optional().describe("Mode of each session, by the agent's own id. Default: the agent's own."),
});

/** A configuration file as it is written. */
export const configSchema = z.strictObject({
  project: entity.optional().describe("Project id. Default: the name of the repository."),
  ...sharedKeys,
  commands: z
    .record(slug, z.array(line).min(1))
    .optional()
    .describe(
      "Programs for `use: command:<name>`, as a list of arguments; {prompt_file} and {result_file} are replaced.",
    ),
  agents: z.record(slug, agent).optional().describe("Agents for `use: acp:<name>`."),
  base: branch.optional().describe("Branch that workflows start from."),
  target: branch.optional().describe("Branch that workflows go to."),
  behind,
  fetch: flag.optional().describe("Fetch what the base follows before a start. Default false."),
  finish: z.strictObject(finishKeys).optional(),
  merge,
  layout: z
    .strictObject({
      folder: line.optional().describe("Folder of state and documents. Default orchestration/{id}."),
      worktrees: line.optional().describe("Folder of the worktrees. Default ../{repo}-wt."),
      branch_prefix: slug.optional().describe("First part of our branches. Default signalbox."),
    })
    .optional(),
  notify,
  approvals: z
    .strictObject({
      agents: choice(["refuse", "allow"])
        .optional()
        .describe(
          "Whether an agent that drives signalbox, such as Claude Code, may approve, decide, answer, land and rewind. Default refuse.",
        ),
    })
    .optional()
    .describe("Who may answer for a person. Read from the commit that a workflow starts from."),
  sandbox_writable: lines
    .optional()
    .describe(
      "Files and folders that a confined agent may write beside its worktree, such as ~/.codex. Only in the user's own configuration.",
    ),
  keep: duration.optional().describe("How long failed worktrees and finished state stay. Default 7d."),
});

/** A configuration as written, known to be well formed. */
export type AuthoredConfig = z.infer<typeof configSchema>;
