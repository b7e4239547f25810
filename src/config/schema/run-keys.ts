/** The keys that say how things run. They may stand in the project file, the user file, a definition, a phase, a barrier and a slot. */
import { z } from "zod";
import {
  adapter,
  choice,
  count,
  countOrZero,
  flag,
  globs,
  line,
  lines,
  oneOrMany,
  path,
  paths,
  portCount,
  raisedTo,
  ruleId,
  sessionLimit,
  slug,
  timer,
  usdLimit,
  variable,
} from "./leaves.ts";

const limits = z
  .strictObject({
    parallel: count.optional().describe("Agent processes of any kind at one time. Default 3."),
    timeout: timer.optional().describe("Wall time of one session while the machine is awake. Default 1h."),
    idle: timer.optional().describe("Silence of one session while no tool runs. Default 15m."),
    turns: count.optional().describe("Turns of one session. Default 200."),
    retries: countOrZero.optional().describe("Tries of a session after the first. Default 2."),
    usd: usdLimit
      .optional()
      .describe("Money, where the login is billed by use; `none` must be written. Default 10."),
    session_usd: usdLimit
      .optional()
      .describe("Money of one session; at it a person says whether its conversation goes on. Default none."),
    answer: timer
      .optional()
      .describe(
        "How long a question of a session waits for a person while the machine is awake. Default 1h.",
      ),
    sessions: sessionLimit.optional().describe("How many sessions may be started. Default none."),
  })
  .describe("Hard limits; at a limit the work is kept and a person is asked.");

const check = z.union([
  line,
  z.strictObject({
    name: line.optional().describe("Name in reports. Default: the command."),
    run: line.describe("Shell command, run in the worktree."),
    timeout: timer.optional().describe("Default 10m."),
  }),
]);

const judge = z.strictObject({
  use: adapter.optional(),
  model: line.optional().describe("Default: another model than the creator's."),
  samples: count.optional().describe("Fewest valid judge samples for a pass. Default 3."),
  max_samples: count.optional().describe("Most samples that are drawn. Default 7."),
});

const critic = z.strictObject({
  use: adapter.optional(),
  model: line.optional(),
  mode: choice(["combined", "separate"])
    .optional()
    .describe("One session for all strategies, or one for each. Default combined."),
});

const provision = z.strictObject({
  copy: globs.optional().describe("Untracked files to copy from the checkout, such as .env*."),
  link: paths.optional().describe("Folders to link from the checkout."),
  run: lines.optional().describe("Commands that prepare a worktree, such as npm ci."),
  dependencies: choice(["auto", "none"])
    .optional()
    .describe(
      "auto: by lockfile, copied from a warm tree with the same lockfile, else installed; for commits and checks. Default auto.",
    ),
  ports: portCount
    .optional()
    .describe("Free ports of each worktree, as SIGNALBOX_PORT_0 and so on. Default 10 where they are used."),
  reuse: z
    .boolean()
    .optional()
    .describe("Use a finished worktree again where it is proven to be like a new one. Default false."),
  timeout: timer.optional().describe("Default 10m."),
});

/** Environment of an agent: what is passed on and what is set. */
export const env = z.strictObject({
  pass: oneOrMany(variable)
    .optional()
    .describe("Names of variables that are passed on; otherwise the environment is minimal."),
  set: z
    .record(variable, z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe("Variables to set."),
});

/** Shape to spread into an object schema; every key optional. */
export const runKeys = {
  use: adapter
    .optional()
    .describe("Adapter of the agents: claude, claude-cli, acp:<name>, command:<name> or simulated."),
  model: line.optional().describe("Model, passed to the adapter."),
  effort: line.optional().describe("Effort, passed to the adapter."),
  limits: limits.optional(),
  inherit: oneOrMany(choice(["instructions"]))
    .optional()
    .describe("What agents take from the repository. Default [instructions]."),
  env: env.optional(),
  tools: lines.optional().describe("What agents may use: read, edit, shell, web, or exact tool names."),
  permissions: choice(["deny", "ask"])
    .optional()
    .describe(
      "A tool call that the rules do not allow is refused, or waits for a person where the adapter can ask (claude, acp). Default deny.",
    ),
  sandbox: choice(["none", "bubblewrap"])
    .optional()
    .describe(
      "bubblewrap: the system keeps each agent and all that it starts inside its worktree. No level takes away what a broader one asks for; a flag or variable does. Default none.",
    ),
  writes: globs
    .optional()
    .describe("Paths a slot may change beside its own folder. Default: none for artifacts, all for commits."),
  protect: globs.optional().describe("Paths whose change needs a person whatever the score."),
  checks: z
    .array(check)
    .optional()
    .describe("Commands that must pass before a gate and on a merge candidate."),
  judge: judge.optional(),
  critic: critic.optional(),
  provision: provision.optional(),
  constitution: paths.optional().describe("Files that the constitutional critique checks against."),
};

const role = z.strictObject({
  charter: path.optional().describe("File with the instructions of the role."),
  use: adapter.optional(),
  model: line.optional(),
  tools: lines.optional(),
  makes: slug.optional().describe("Artifact type of the role."),
});

const rule = z.strictObject({
  id: ruleId,
  when: z
    .strictObject({
      paths: globs.optional().describe("Changed or declared paths; one match is enough."),
      makes: slug.optional().describe("Artifact type."),
      baselined: flag.optional().describe("Only decision records that are accepted on the base."),
    })
    .superRefine(someCondition),
  to: raisedTo.describe("Level that the work is raised to."),
});

/** A rule without a condition would never apply, which nobody means. */
function someCondition(
  when: { paths?: unknown; makes?: unknown; baselined?: boolean | undefined },
  context: z.RefinementCtx,
): void {
  if (when.paths !== undefined || when.makes !== undefined || when.baselined === true) return;
  context.addIssue({ code: "custom", message: "the rule names no condition" });
}

const escalate = z.union([
  choice(["ask", "auto"]),
  z.array(rule),
  z.strictObject({
    auto: flag.optional().describe("Raise without asking."),
    rules: z.array(rule).optional(),
  }),
]);

const roleName = slug;

/** Keys that both files share and that stand only at the top. */
export const sharedKeys = {
  ...runKeys,
  roles: z
    .record(roleName, role)
    .optional()
    .describe("Roles by name: charter, adapter, model, tools, artifact type."),
  escalate: escalate.optional().describe("Rules that raise criticality; `auto` raises without asking."),
};

/** Keys of `finish` that may stand in both files. */
export const finishKeys = {
  merge: choice(["none", "ff", "merge", "squash", "pr"])
    .optional()
    .describe("How the result of a whole workflow lands when you say `land`. Default none: as a merge."),
  per: choice(["workflow", "slot"])
    .optional()
    .describe("Land the whole, or each accepted slot by itself. Default workflow."),
  documents: choice(["keep", "drop"])
    .optional()
    .describe(
      "Whether the orchestration folder lands too. Default keep; drop with `per: slot`, where each slot lands as one commit of its own changes.",
    ),
};

/** Key `merge` of both files. */
export const merge = z
  .strictObject({
    warn: choice(["person", "sessions", "none"])
      .optional()
      .describe(
        "Who hears of conflicts that are seen coming: a person, the sessions concerned as well, or nobody (then nobody looks). Default person.",
      ),
    batch: count
      .optional()
      .describe(
        "How many approved commits are tried together, with one run of the checks. A batch that fails is halved until the guilty one is found. Default 1.",
      ),
    files: z
      .array(
        z.strictObject({
          match: globs.describe("Files it is about."),
          resolve: choice(["union", "tracker", "person"]).describe(
            "union: the lines of both sides; tracker: the rows of tables by their ids, the later one; person: nobody but you.",
          ),
        }),
      )
      .optional()
      .describe(
        "How files in conflict are resolved, by the first entry that matches. Only documents: source, tests, configuration and instructions are always a person's. Default: every WORKTRACKER.md as tracker, all else by a person.",
      ),
    returns: choice(["none", "checks", "all"])
      .optional()
      .describe(
        "What goes back to its creator once before a person is asked: nothing, work whose candidate fails its checks, or also work that conflicts; what an agent makes of a conflict a person approves. Default checks.",
      ),
  })
  .optional()
  .describe("What happens before and while work is merged.");
