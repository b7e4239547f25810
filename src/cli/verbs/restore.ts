import { shellWord } from "../../core/view/commands-at.ts";
import type { PreservedWork } from "../../ports/repository.ts";
import type { Context } from "../context.ts";
import { refuseInsideSession } from "../inside-session.ts";
import { EXIT } from "../output/exit-code.ts";
import { plainLine } from "../output/plain.ts";
import { ageText, countText } from "../output/units.ts";
import { openProject } from "../project.ts";
import { choosePreserved, nameOf, whyPreserved } from "../restore/choose.ts";
import type { VerbInput } from "../verb.ts";

/**
 * `signalbox restore [name]`: lists what is preserved; with a name it makes a branch of it, never over an existing one. The
 * preserved ref stays.
 */
export async function restore(context: Context, input: VerbInput): Promise<number> {
  const project = await openProject(context.io);
  const all = await project.repository.preservedWork();
  const reference = input.argument(0);
  if (reference === undefined) return list(context, all);
  refuseInsideSession(context, project);
  const chosen = choosePreserved(all, reference);
  const branch = input.text("as") ?? `restored/${chosen.name}`;
  await project.repository.restoreBranch(branch, chosen.commit);
  if (context.json) context.output.json({ branch, ...document(chosen) });
  else {
    context.output.answer(branch);
    context.output.success(`${nameOf(chosen)} is on the branch ${branch}`);
    context.output.hint(`Look at it: git log -p ${shellWord(branch)}`);
  }
  return EXIT.done;
}

function list({ output, json, io }: Context, all: readonly PreservedWork[]): number {
  if (json) {
    output.json({ preserved: all.map(document) });
    return EXIT.done;
  }
  output.table(
    [
      { title: "preserved" },
      { title: "made" },
      { title: "holds", optional: 1 },
      { title: "why", flexible: true },
    ],
    all.map((one) => [nameOf(one), ageText(one.at, io.now()), sizeOf(one), plainLine(whyPreserved(one))]),
  );
  const [first] = all;
  if (first === undefined) output.say("nothing is preserved: nothing had to be kept so far");
  else output.hint(`Bring one back as a branch: signalbox restore ${nameOf(first)}`);
  return EXIT.done;
}

function sizeOf({ commits, files }: PreservedWork): string {
  return commits === 0 ? "all on branches" : `${countText(files, "file")}, ${countText(commits, "commit")}`;
}

function document(one: PreservedWork): Readonly<Record<string, unknown>> {
  return { ...one, why: whyPreserved(one), restore: `signalbox restore ${nameOf(one)}` };
}
