import { expect, it } from "vitest";
import { lastActivity } from "./activity.ts";

const at = (second: number) => `2026-02-20T10:00:0${second}Z`;
const call = (second: number, target: string) =>
  JSON.stringify({ at: at(second), type: "tool", tool: "Bash", target });
const result = (second: number, target: string) =>
  JSON.stringify({ at: at(second), type: "tool-result", tool: "Bash", error: false, target });
const text = (second: number) => JSON.stringify({ at: at(second), type: "text", text: "Thinks." });

it("tells a call that runs from an agent that is quiet, and since when", () => {
  expect(lastActivity([text(1), call(2, "npm test")])).toEqual({
    text: "Bash npm test",
    at: at(2),
    runsTool: true,
  });
  expect(lastActivity([call(1, "npm test"), call(2, "ls"), result(3, "ls")])).toMatchObject({
    text: "Bash npm test",
    runsTool: true,
  });
  expect(lastActivity([call(1, "npm test"), result(4, "npm test")])).toEqual({
    text: "Bash npm test",
    at: at(4),
  });
  expect(lastActivity([call(1, "lost"), text(5)])).toEqual({ text: "Thinks.", at: at(5) });
  expect(lastActivity([])).toBeNull();
});
