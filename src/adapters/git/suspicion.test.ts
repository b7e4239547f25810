import { expect, it } from "vitest";
import { changedScripts, hasAcceptedStatus, isAdrPath } from "./suspicion.ts";

it("names the scripts that differ, whatever the order of keys or the validity of the text", () => {
  expect(changedScripts('{"scripts":{"a":"1","b":"2"}}', '{ "scripts": {"b":"2","a":"1"} }')).toEqual([]);
  expect(changedScripts("", '{"name":"x"}')).toEqual([]);
  expect(changedScripts('{"scripts":{"a":"1"}}', "not json")).toEqual(["a"]);
  expect(changedScripts('{"scripts":{"b":"1","c":"1"}}', '{"scripts":{"a":"1","b":"2","c":"1"}}')).toEqual([
    "a",
    "b",
  ]);
});

it.each([
  ["docs/adr/0001.md", true],
  ["adr-7-storage.md", true],
  ["docs/decisions/x.md", true],
  ["src/quadratic.md", false],
  ["docs/padre.md", false],
])("says whether %s is a decision record: %s", (path, expected) => {
  expect(isAdrPath(path)).toBe(expected);
});

it.each([
  "status: accepted",
  "- **Status:** BASELINED",
  "| Status | ACCEPTED |",
  "## Status\n\nAccepted on Monday",
])("reads an accepted status from %j", (text) => {
  expect(hasAcceptedStatus(`# Title\n${text}\n`)).toBe(true);
});

it("does not read a proposed or a described status as accepted", () => {
  expect(hasAcceptedStatus("Status: Proposed\n")).toBe(false);
  expect(hasAcceptedStatus("The status was accepted by nobody\n")).toBe(false);
});
