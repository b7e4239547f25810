/** Verbs with which a person takes a slot into their own hands, or says how it goes on. */
import type { Verb } from "../verb.ts";
import { JSON_OPTION, NOTE_OPTION, SLOT_ARGUMENT, WORKFLOW_OPTION, YES_OPTION } from "./common.ts";

export const TAKE: readonly Verb[] = [
  {
    name: "interrupt",
    group: "answer",
    about: "End the present turn of an agent; its conversation goes on with what you say",
    arguments: [SLOT_ARGUMENT, { spec: "[text...]", about: "what to do instead (without it: stop and ask)" }],
    options: [WORKFLOW_OPTION, JSON_OPTION],
    examples: [["signalbox interrupt login 'leave the tests as they are'", "it drops what it is doing"]],
    load: async () => (await import("../verbs/light.ts")).interrupt,
  },
  {
    name: "attach",
    group: "answer",
    about: "Take a slot's conversation over in the agent's own program; leaving it hands the work back",
    arguments: [SLOT_ARGUMENT],
    options: [
      WORKFLOW_OPTION,
      { flags: "--wait", about: "let the running session end by itself first" },
      { flags: "--continue", about: "afterwards the agent goes on, instead of commit, checks and gate" },
      YES_OPTION,
    ],
    examples: [
      ["signalbox attach login", "claude --resume in the slot's worktree; a shell for other agents"],
    ],
    load: async () => (await import("../verbs/comparing.ts")).attach,
  },
  {
    name: "retry",
    group: "answer",
    about: "Start a slot again: a new attempt from the present tip; what was made is kept",
    arguments: [SLOT_ARGUMENT],
    options: [WORKFLOW_OPTION, NOTE_OPTION, YES_OPTION, JSON_OPTION],
    examples: [["signalbox retry login --yes", "ends the agent that works on it, if one does"]],
    load: async () => (await import("../verbs/light.ts")).retry,
  },
  {
    name: "skip",
    group: "answer",
    about: "Leave a slot out, for good",
    arguments: [SLOT_ARGUMENT, { spec: "[reason...]", about: "why, for the record" }],
    options: [WORKFLOW_OPTION, NOTE_OPTION, YES_OPTION, JSON_OPTION],
    load: async () => (await import("../verbs/light.ts")).skip,
  },
  {
    name: "resolve",
    group: "answer",
    about: "Join both sides of a conflict yourself, in the slot's worktree, whose path is printed",
    arguments: [SLOT_ARGUMENT],
    options: [
      WORKFLOW_OPTION,
      { flags: "--done", about: "both sides are joined: commit them, then checks and gate" },
      JSON_OPTION,
    ],
    examples: [
      ["signalbox resolve export", "the merge with its marks, and what either side wanted"],
      ["signalbox resolve export --done", "when no mark is left"],
    ],
    load: async () => (await import("../verbs/comparing.ts")).resolve,
  },
  {
    name: "write",
    group: "answer",
    about: "Make a slot's work yourself, in its worktree, whose path is printed",
    arguments: [SLOT_ARGUMENT],
    options: [
      WORKFLOW_OPTION,
      { flags: "--from <file>", about: "take this file as the artifact, and go on at once" },
      NOTE_OPTION,
      YES_OPTION,
      JSON_OPTION,
    ],
    examples: [
      ['cd "$(signalbox write login)"', "then, when the work is there: signalbox decide login done"],
      ["signalbox write agent-a-001 --from notes/analysis.md", "commit, checks and gate follow"],
    ],
    load: async () => (await import("../verbs/comparing.ts")).write,
  },
];
