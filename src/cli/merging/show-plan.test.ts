import { expect, it } from "vitest";
import { World } from "../../../test/builders/world.ts";
import { THREE } from "../../../test/builders/worlds.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { planHint } from "./show-plan.ts";

const { now } = new World(THREE);

it.each([
  ["ACTIVE", "approved work is merged by itself"],
  ["PAUSED", "signalbox resume three-fixes"],
  ["COMPLETE", "signalbox land -w three-fixes"],
  ["CANCELLED", "nothing more of it is merged"],
] as const)("the plan of a workflow that is %s says what can be done about it", (status, words) => {
  const state: WorkflowState = { ...now, status };
  expect(planHint(state, [])).toContain(words);
});
