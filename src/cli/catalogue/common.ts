import type { VerbArgument, VerbOption } from "../verb.ts";

export const JSON_OPTION: VerbOption = { flags: "--json", about: "print one JSON document" };

export const WORKFLOW_ARGUMENT: VerbArgument = {
  spec: "[workflow]",
  about: "workflow id or a unique prefix of it; may be left out when one is active",
  completes: "workflow",
};

export const WORKFLOW_OPTION: VerbOption = {
  flags: "-w, --workflow <id>",
  about: "workflow id or a unique prefix; may be left out when one is active",
};

/** Note that goes into the record with a decision. */
export const NOTE_OPTION: VerbOption = { flags: "-m, --note <text>", about: "text for the record" };

/** The same for verbs whose argument is the workflow, so that `-w` is right everywhere. */
export const HIDDEN_WORKFLOW: VerbOption = { ...WORKFLOW_OPTION, hidden: true };

/** One slot that a command is about. */
export const SLOT_ARGUMENT: VerbArgument = {
  spec: "<slot>",
  about: "slot id or a unique prefix",
  completes: "slot",
};

export const YES_OPTION: VerbOption = { flags: "-y, --yes", about: "do not ask" };
