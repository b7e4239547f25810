import { describe, expect, it } from "vitest";
import { World } from "../../../test/builders/world.ts";
import { THREE } from "../../../test/builders/worlds.ts";
import type { Finding } from "../workflow/round.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { type ChangeFacts, notSmall, SMALL, type Waiting, waitingWork } from "./approvals.ts";

const UNCHECKED = {
  ...THREE,
  finish: { ...THREE.finish, per: "slot" as const },
  deliverables: THREE.deliverables.map((one) => ({ ...one, gate: { ...one.gate, checks: [] } })),
};
const [FIRST = "", SECOND = ""] = THREE.deliverables.map(({ id }) => id);
const SIZED: ChangeFacts = { files: [{ path: "a.ts", lines: { added: 3, removed: 1 } }], conflicts: false };

function asked(): WorkflowState {
  const world = new World(UNCHECKED);
  world.run();
  world.submit({ type: "approve", subject: SECOND, by: "ana", note: "" });
  return world.run();
}

function files(count: number, added: number): ChangeFacts {
  const one = { lines: { added, removed: 0 } };
  return {
    files: Array.from({ length: count }, (_, at) => ({ path: `${at}.ts`, ...one })),
    conflicts: false,
  };
}

function withRound(state: WorkflowState, patch: object): WorkflowState {
  const slot = state.deliverables[FIRST] ?? expect.fail("no slot");
  const rounds = slot.rounds.map((round) => ({ ...round, ...patch }));
  return { ...state, deliverables: { ...state.deliverables, [FIRST]: { ...slot, rounds } } };
}

describe("work that waits for a yes", () => {
  const state = asked();
  const [first = expect.fail("nothing waits"), second = first] = waitingWork(state);

  it("is told in plan order, with what it asks for and the commit that it is about", () => {
    expect(waitingWork(state).map(({ slot, asks }) => `${slot} ${asks}`)).toEqual([
      `${FIRST} accept`,
      `${SECOND} land`,
      `${THREE.deliverables[2]?.id} accept`,
    ]);
    expect(first.commit).toBe(state.deliverables[FIRST]?.commit);
    expect(second.commit).toBe(state.deliverables[SECOND]?.commit);
  });

  it("is small up to a size, and not beyond it", () => {
    expect(notSmall(state, first, SIZED)).toBeNull();
    expect(notSmall(state, first, files(SMALL.files, SMALL.lines / SMALL.files))).toBeNull();
    expect(notSmall(state, first, files(SMALL.files + 1, 1))).toBe("it changes 11 files");
    expect(notSmall(state, first, files(1, SMALL.lines + 1))).toBe("it changes 201 lines");
  });

  it("is to be looked at alone where nobody can see it at a glance, or something is open", () => {
    const binary = { files: [{ path: "logo.png", lines: null }], conflicts: false };
    expect(notSmall(state, first, binary)).toBe("logo.png is binary");
    expect(notSmall(state, first, { ...SIZED, conflicts: true })).toBe(
      "it conflicts with what is merged so far",
    );
    expect(notSmall(state, first, null)).toBe("its change could not be read");
    const failed: Waiting = { ...first, asks: "alone" };
    expect(notSmall(state, failed, SIZED)).toBe("its gate has not passed it");
  });

  it("is to be looked at alone where an agent made it of both sides of a conflict", () => {
    const slot = state.deliverables[FIRST] ?? expect.fail("no slot");
    const commit = "a".repeat(40);
    const rejoin = { why: "conflict", onto: commit, from: commit, files: ["a.ts"], joined: commit } as const;
    const joined = { ...state, deliverables: { ...state.deliverables, [FIRST]: { ...slot, rejoin } } };
    expect(notSmall(joined, first, SIZED)).toBe("its agent joined both sides of a conflict");
  });

  it("is to be looked at alone with a grave finding or a failing check, not with a light one or what fails anyway", () => {
    const finding = (severity: Finding["severity"], resolved = false) => ({
      findings: [{ id: "F-1-1", severity, resolved }],
    });
    const check = (redAtBase: boolean) => ({
      checks: [{ name: "npm test", passed: false, redAtBase, exitCode: 1, timedOut: false, tail: "" }],
    });
    expect(notSmall(withRound(state, finding("HIGH")), first, SIZED)).toBe("a HIGH finding is open");
    expect(notSmall(withRound(state, finding("HIGH", true)), first, SIZED)).toBeNull();
    expect(notSmall(withRound(state, finding("LOW")), first, SIZED)).toBeNull();
    expect(notSmall(withRound(state, check(false)), first, SIZED)).toBe("the check npm test fails");
    expect(notSmall(withRound(state, check(true)), first, SIZED)).toBeNull();
  });
});
