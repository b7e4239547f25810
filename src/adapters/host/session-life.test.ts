import { expect, onTestFinished, test } from "vitest";
import { aSpec } from "../../../test/contracts/session-host-contract.ts";
import type { SessionEvent } from "../../ports/session-host.ts";
import { openLife } from "./session-life.ts";

test("nothing is recorded after the end, whatever an adapter sends late", async () => {
  const recorded: SessionEvent[] = [];
  const life = openLife(await aSpec({}), {
    adapter: () => Promise.reject(new Error("none is needed")),
    marker: { name: "SIGNALBOX_TEST", value: "life" },
    record: (event) => recorded.push(event),
    onProcesses: () => {},
    stop: new AbortController().signal,
  });
  onTestFinished(() => life.stopLimits());
  const say = (text: string): void => life.io.emit({ at: "2026-02-20T10:00:00Z", type: "text", text });
  say("in time");
  life.close("ok");
  say("late");
  life.note("later");
  expect(recorded.map(({ type }) => type)).toEqual(["text", "ended"]);
});
