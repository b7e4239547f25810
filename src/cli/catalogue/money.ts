import type { Verb } from "../verb.ts";
import { JSON_OPTION, NOTE_OPTION, WORKFLOW_OPTION } from "./common.ts";

export const BUDGET: Verb = {
  name: "budget",
  group: "look",
  about: "Money limits: what is spent, reserved, left; add to one, or answer at one",
  arguments: [
    {
      spec: "[words...]",
      about:
        "a workflow, phase or slot to look at; or: add <usd> [subject], set <usd|none> [subject], finish, stop",
      completes: "slot",
    },
  ],
  options: [WORKFLOW_OPTION, NOTE_OPTION, JSON_OPTION],
  examples: [
    ["signalbox budget", "limits, spent and reserved of every level"],
    ["signalbox budget add 5", "5 USD more for what stands at its limit, else for the workflow"],
    ["signalbox budget set 2 login", "the money of one slot"],
    ["signalbox budget finish", "at a limit: what runs ends, nothing new starts"],
  ],
  load: async () => (await import("../verbs/light.ts")).budget,
};
