import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../../test/support/eventually.ts";
import { childIdentity, isFrozen, type ProcessIdentity } from "./identity.ts";
import { keepAwake } from "./keep-awake.ts";

async function stopped(): Promise<ProcessIdentity> {
  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  child.kill("SIGSTOP");
  return eventually("a stopped process", () => {
    const identity = childIdentity(child.pid ?? 0);
    return identity !== null && isFrozen(identity) ? identity : undefined;
  });
}

test("a process that was stopped and forgotten goes on", async () => {
  const identity = await stopped();
  onTestFinished(keepAwake(identity, 50));
  await eventually("a process that runs", () => (isFrozen(identity) ? undefined : true));
});

test("another process with the same number is left as it is", async () => {
  const identity = await stopped();
  const other = await stopped();
  onTestFinished(keepAwake({ ...identity, startTime: "1" }, 10));
  onTestFinished(keepAwake(other, 10));
  await eventually("the other one runs", () => (isFrozen(other) ? undefined : true));
  expect(isFrozen(identity)).toBe(true);
});
