// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the format has expressions of its own
import { describe, expect, it } from "vitest";
import { portCount, portIndex, portVariables, withPorts } from "./ports.ts";

const counted = (provision: object, set = {}, checks: readonly string[] = []) =>
  portCount({
    provision: { copy: [], link: [], run: [], timeoutMs: 1, ...provision },
    env: { pass: [], set },
    checks: checks.map((run) => ({ name: run, run, timeoutMs: 1 })),
  });

describe("ports of a worktree", () => {
  it("are none where nothing uses any, and ten where something does", () => {
    expect(counted({ run: ["npm ci"] }, { PORT: "80" }, ["npm test"])).toBe(0);
    expect(counted({}, { PORT: "${{ port.0 }}" })).toBe(10);
    expect(counted({ run: ["seed ${{port.3}}"] })).toBe(10);
    expect(counted({}, {}, ["curl localhost:$SIGNALBOX_PORT_0"])).toBe(10);
  });

  it("are as many as asked for, and always enough for the highest index", () => {
    expect(counted({ ports: 3 })).toBe(3);
    expect(counted({ ports: 3 }, { PORT: "${{ port.11 }}" })).toBe(12);
    expect(counted({}, {}, ["echo $SIGNALBOX_PORT_99 ${{ port.20 }}"])).toBe(100);
  });

  it("replace every expression of a text and leave everything else", () => {
    expect(withPorts("a ${{ port.0 }}:${{port.12}} ${{ inputs.x }}", 20_000)).toBe(
      "a 20000:20012 ${{ inputs.x }}",
    );
    expect(portVariables(20_000, 2)).toEqual({ SIGNALBOX_PORT_0: "20000", SIGNALBOX_PORT_1: "20001" });
  });

  it("have an index of at most two digits", () => {
    expect([" port.0 ", "port.99", "port.100", "port.", "ports.1"].map(portIndex)).toEqual([
      0,
      99,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
