/** What the engine tells a person, and that telling holds nothing up. */
import { describe, expect, it, onTestFinished } from "vitest";
import type { Notice } from "../../src/ports/notifier.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase } from "../support/engine.ts";
import { scratchRepository } from "../support/scratch-repository.ts";

describe("a question that is asked", () => {
  it("is told once with the first command that answers it, and a notifier that never returns holds nothing up", async () => {
    const scratch = await scratchRepository();
    const notices: Notice[] = [];
    const notifier = {
      notify: (notice: Notice): Promise<void> => {
        notices.push(notice);
        return new Promise(() => {});
      },
    };
    const engine = createEngine(await engineDependencies(scratch, { notifier }));
    onTestFinished(async () => {
      await engine.close();
      scratch.remove();
    });
    const plan = onBase({ ...THREE, reviewPlan: true }, await scratch.git("rev-parse", "HEAD"));
    await engine.create(plan, "ana");
    await engine.idle();
    const questions = engine.state(THREE.workflow.id)?.questions ?? [];
    expect(notices).not.toEqual([]);
    expect(notices.map(({ kind, subject }) => ({ kind, subject }))).toEqual(
      questions.map(({ kind, subject }) => ({ kind, subject })),
    );
    for (const { command, base, at } of notices) {
      expect(command).toMatch(/^signalbox \S+ \S+/);
      expect(base).toBe(plan.base.commit);
      expect(Date.parse(at)).not.toBeNaN();
    }
  });
});
