import type { Verb } from "../verb.ts";
import { JSON_OPTION, NOTE_OPTION, WORKFLOW_OPTION } from "./common.ts";
import { TAKE } from "./take.ts";

const SUBJECT = {
  spec: "[subject]",
  about: "checkpoint, slot, question id, plan or finish; may be left out when one question is open",
  completes: "checkpoint",
} as const;

export const ANSWER: readonly Verb[] = [
  {
    name: "approve",
    group: "answer",
    about: "Say yes to what waits",
    arguments: [SUBJECT],
    options: [WORKFLOW_OPTION, NOTE_OPTION, JSON_OPTION],
    examples: [["signalbox approve CP-002 -m 'read both analyses'", "approve a user checkpoint"]],
    load: async () => (await import("../verbs/light.ts")).approve,
  },
  {
    name: "reject",
    group: "answer",
    about: "Say no; the note becomes a constraint for every agent after it",
    arguments: [SUBJECT],
    options: [
      WORKFLOW_OPTION,
      { flags: "-m, --note <text>", about: "why, and what must be different" },
      { flags: "--to <phase>", about: "phase to go back to (default: the one just finished)" },
      { flags: "--clean", about: "also take the files back" },
      JSON_OPTION,
    ],
    load: async () => (await import("../verbs/light.ts")).reject,
  },
  {
    name: "decide",
    group: "answer",
    about: "Answer an escalation, failure, conflict or limit in words",
    arguments: [
      SUBJECT,
      {
        spec: "[word]",
        about:
          "accept, guide, write, back, cancel, retry, continue, skip, redo, resolve, done, rerun, waive, add, finish, stop, resume",
      },
      { spec: "[text...]", about: "same as --note" },
    ],
    options: [
      WORKFLOW_OPTION,
      NOTE_OPTION,
      { flags: "--to <phase>", about: "back: phase to return to" },
      { flags: "--round <n>", about: "accept: round whose version is accepted (default: the best)" },
      { flags: "--usd <amount>", about: "add: the new money limit" },
      { flags: "--sessions <n>", about: "add: the new limit of sessions" },
      JSON_OPTION,
    ],
    examples: [
      ["signalbox decide agent-a-001 guide -m 'cite the measurements'", "one more round with your text"],
      ["signalbox decide agent-a-001 accept --round 2", "take version 2 as it is"],
      ["signalbox decide workflow add --usd 25", "raise the money limit"],
    ],
    load: async () => (await import("../verbs/light.ts")).decide,
  },
  {
    name: "answer",
    group: "answer",
    about: "Answer a question of a running session, which waits for it",
    arguments: [
      { spec: "<question>", about: "question id such as Q-003, or the slot that asks" },
      { spec: "<text...>", about: "the answer; allow or deny where it asks for a permission" },
    ],
    options: [WORKFLOW_OPTION, JSON_OPTION],
    examples: [
      ["signalbox answer Q-003 'metric units'", "the session goes on with it"],
      ["signalbox answer login allow", "it may use the tool this once"],
    ],
    load: async () => (await import("../verbs/light.ts")).answer,
  },
  {
    name: "say",
    group: "answer",
    about: "Say something to the running session of a slot",
    arguments: [
      { spec: "<slot>", about: "slot id or a unique prefix", completes: "slot" },
      { spec: "<text...>", about: "what it should know" },
    ],
    options: [WORKFLOW_OPTION, JSON_OPTION],
    examples: [["signalbox say login 'the old error text stays'", "it hears it between two steps"]],
    load: async () => (await import("../verbs/light.ts")).say,
  },
  {
    name: "stop",
    group: "answer",
    about: "Stop what runs for a slot; its work is committed, and how it goes on is asked",
    arguments: [{ spec: "<slot>", about: "slot id or a unique prefix", completes: "slot" }],
    options: [WORKFLOW_OPTION, NOTE_OPTION, JSON_OPTION],
    examples: [["signalbox stop login -m 'wrong approach'", "then continue, retry, write or skip it"]],
    load: async () => (await import("../verbs/light.ts")).stopSlot,
  },
  ...TAKE,
  {
    name: "land",
    group: "answer",
    about:
      "Put accepted work on its target, slot by slot or as a whole; without a way it says which there are",
    arguments: [{ spec: "[slot...]", about: "slots; default all that wait to be landed", completes: "slot" }],
    options: [
      WORKFLOW_OPTION,
      { flags: "--here", about: "on the local branch; where it is checked out, the files move with it" },
      { flags: "--push", about: "on the branch of the remote; no checkout is touched" },
      { flags: "--pr", about: "as a pull request through gh" },
      { flags: "--ff", about: "whole workflow: the target only moves forward" },
      { flags: "--merge", about: "whole workflow: a merge commit (default where finish.merge says nothing)" },
      { flags: "--squash", about: "whole workflow: one commit" },
      { flags: "--to <branch>", about: "branch to land on (default: the one the workflow started from)" },
      { flags: "--no-check", about: "do not run the checks on what lands" },
      { flags: "--no-wait", about: "refuse where another landing is under way on the target" },
      JSON_OPTION,
    ],
    examples: [
      ["signalbox land login dates --here", "two commits on the branch that is checked out here"],
      ["signalbox land login --pr", "a pull request with what is known about the work"],
      ["signalbox land -w release-20260301-001 --here", "the result of a complete workflow"],
    ],
    load: async () => (await import("../verbs/light.ts")).land,
  },
  {
    name: "send-back",
    group: "answer",
    about: "Send work back to its agent; the same conversation goes on",
    arguments: [
      { spec: "<slot>", about: "slot id or a unique prefix", completes: "slot" },
      { spec: "[text...]", about: "what must be different" },
    ],
    options: [
      WORKFLOW_OPTION,
      {
        flags: "--comment <place: text>",
        about: "a remark on a line, such as 'src/a.ts:12: trim it'",
        repeatable: true,
      },
      JSON_OPTION,
    ],
    examples: [
      ["signalbox send-back login 'keep the old error text'", "one more round with this guidance"],
      [
        "signalbox send-back login --comment 'src/login.ts:12: trim the name first'",
        "the comment is a finding that the agent has to answer",
      ],
    ],
    load: async () => (await import("../verbs/light.ts")).sendBack,
  },
  {
    name: "note",
    group: "answer",
    about: "Write a note or a lesson into the record",
    arguments: [
      { spec: "<subject>", about: "slot, checkpoint or workflow", completes: "slot" },
      { spec: "<text...>", about: "the note" },
    ],
    options: [
      WORKFLOW_OPTION,
      { flags: "--lesson", about: "a lesson: goes into the tracker" },
      { flags: "--application <text>", about: "where the lesson applies" },
      JSON_OPTION,
    ],
    load: async () => (await import("../verbs/light.ts")).note,
  },
  {
    name: "block",
    group: "answer",
    about: "Record a blocker",
    arguments: [
      { spec: "<subject>", about: "what it blocks", completes: "slot" },
      { spec: "<text...>", about: "what is in the way" },
    ],
    options: [
      WORKFLOW_OPTION,
      {
        flags: "--severity <level>",
        about: "how bad it is (default HIGH)",
        choices: ["CRITICAL", "HIGH", "MEDIUM", "LOW"],
      },
      { flags: "--owner <name>", about: "who removes it" },
      JSON_OPTION,
    ],
    load: async () => (await import("../verbs/light.ts")).block,
  },
  {
    name: "unblock",
    group: "answer",
    about: "Close a blocker with its resolution",
    arguments: [
      { spec: "<blocker>", about: "blocker id" },
      { spec: "<text...>", about: "how it was resolved" },
    ],
    options: [WORKFLOW_OPTION, JSON_OPTION],
    load: async () => (await import("../verbs/light.ts")).unblock,
  },
  {
    name: "rewind",
    group: "answer",
    about: "Go back to a recovery checkpoint; history and old work stay",
    arguments: [{ spec: "<checkpoint>", about: "checkpoint id", completes: "checkpoint" }],
    options: [WORKFLOW_OPTION, NOTE_OPTION, { flags: "-y, --yes", about: "do not ask" }, JSON_OPTION],
    load: async () => (await import("../verbs/light.ts")).rewind,
  },
];
