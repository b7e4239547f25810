import { describe, expect, it } from "vitest";
import { criticFor, ROSTER_ROLES, rolePrefix, skillAlias, usualArtifact, validatorsFor } from "./roster.ts";

describe("roster", () => {
  it("knows what roles usually make, and nothing of the others", () => {
    expect([usualArtifact("ps-architect"), usualArtifact("coder"), usualArtifact("user")]).toEqual([
      "adr",
      "commit",
      undefined,
    ]);
    expect([usualArtifact("constructor"), skillAlias("toString"), usualArtifact("scout")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("reads the skill off a role's prefix", () => {
    expect(["ps-critic", "nse-qa", "main-context", "coder", "my-role"].map(rolePrefix)).toEqual([
      "ps",
      "nse",
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("proposes reviewers of the same skill first, never a creator, and always somebody", () => {
    expect(validatorsFor("problem-solving", ["ps-analyst"])[0]).toBe("ps-validator");
    expect(validatorsFor("nasa-se", ["nse-risk"])[0]).toBe("nse-verification");
    for (const one of ROSTER_ROLES) {
      for (const other of ROSTER_ROLES) {
        const validators = validatorsFor(null, [one, other]);
        expect(validators.length).toBeGreaterThan(0);
        expect([...validators, criticFor([one, other])]).not.toContain(one);
      }
    }
  });
});
