/** Defects these would catch: a status that says what is not so, or that leaves out why a slot stands still. */
import { expect, it } from "vitest";
import { World } from "../../../test/builders/world.ts";
import { THREE } from "../../../test/builders/worlds.ts";
import { nextEffects } from "../workflow/next-effects.ts";
import type { SessionEnd } from "../workflow/outcome.ts";
import { whyHere } from "./why.ts";

const USAGE = { costUsd: 0.01, turns: 1, durationMs: 1 };

function sessionOf(world: World): string {
  return nextEffects(world.now).find((e) => e.kind === "session" && e.subject === "login")?.id ?? "";
}

function running(): { readonly world: World; readonly session: string } {
  const world = new World(THREE);
  world.run(() => sessionOf(world) !== "");
  const session = sessionOf(world);
  world.submit({ type: "session-dispatched", effect: session, conversation: "c-1" });
  return { world, session };
}

const end = (world: World, effect: string, outcome: SessionEnd) =>
  world.submit({ type: "session-ended", effect, outcome: { ...outcome, sessionId: "c-1", usage: USAGE } });
const why = (world: World) => whyHere(world.now, "login");

it("tells a session that starts from one that does something", () => {
  const { world } = running();
  expect(why(world)).toEqual({ text: "its create session is starting", since: world.at });
  const doing = { text: "runs Bash npm test", since: "2026-02-20T10:09:00Z" };
  expect(whyHere(world.now, "login", { doing })).toEqual(doing);
  expect(whyHere(world.now, "login", { doing, frozen: 42 })).toEqual({
    text: "is frozen: process 42 was stopped; to wake it: kill -CONT 42",
    since: doing.since,
  });
  expect(whyHere(world.now, "login", { orphaned: true })?.text).toMatch(/^its session host is gone/);
});

it("says until when a slot backs off, and after what", () => {
  const { world, session } = running();
  end(world, session, { kind: "crashed", message: "the host died", retry: "backoff" });
  expect(why(world)).toEqual({
    text: "backs off after try 1: the host died",
    since: world.at,
    until: world.now.deliverables.login?.notBefore,
  });
});

it("says that it waits for the model service, and until when", () => {
  const { world, session } = running();
  const retry = { afterMs: 3_600_000 };
  end(world, session, { kind: "api", errorClass: "usage-window", status: 429, message: "spent", retry });
  expect(why(world)).toEqual({
    text: "waits for the model service (usage limit)",
    since: world.at,
    until: world.now.service?.until,
  });
});

it("says that a fresh conversation is going to take over", () => {
  const { world, session } = running();
  const message = "prompt is too long";
  end(world, session, { kind: "api", errorClass: "bad-request", status: 400, message, retry: "never" });
  expect(why(world)).toMatchObject({
    text: expect.stringMatching(/^backs off before a fresh conversation: .*prompt is too long$/),
    until: world.now.deliverables.login?.notBefore,
  });
});

it("names what a person has to do, does, or has left behind", () => {
  const { world, session } = running();
  const ask = { number: 1, kind: "agent", question: "Which?", choices: [] } as const;
  world.submit({ type: "session-asked", effect: session, ask });
  expect(why(world)?.text).toBe("waits for an answer to its agent (Q-001)");
  world.submit({ type: "attach", subject: "login", by: "ana" });
  expect(why(world)).toEqual({ text: "is being stopped for ana", since: world.at });
  expect(whyHere(world.now, "login", { frozen: 42 })?.text).toMatch(/for ana; process 42 was stopped/);
  end(world, session, { kind: "cancelled", reason: "" });
  world.run((state) => state.questions.some((one) => one.kind === "attached"));
  expect(why(world)).toEqual({
    text: "attached by ana",
    since: world.now.deliverables.login?.attached?.since,
  });
  expect(whyHere(world.now, "login", { terminal: false })?.text).toBe(
    "attached by ana; that terminal is gone",
  );
});

it("names what stands before it, and a pause before everything but sessions that end their turn", () => {
  const world = new World(THREE);
  expect(why(world)?.text).toMatch(/^waits for .* to begin$/);
  const { world: busy } = running();
  busy.submit({ type: "pause", by: "ana", reason: "lunch" });
  expect(why(busy)?.text).toBe("its create session is starting");
  expect(whyHere(busy.now, "dates")).toEqual({ text: "the workflow is paused: lunch", since: busy.at });
  expect(whyHere(busy.now, "nobody")).toBeNull();
});
