/** Agents that change the same lines on purpose, as `signalbox demo --story merging` plays it, to its end. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { STORIES } from "../../src/cli/demo/stories.ts";
import type { WorkflowEvent } from "../../src/core/workflow/event.ts";
import { openWorld } from "../support/e2e-world.ts";

const { merging } = STORIES;
const ID = "clashing-20260220-001";

it("conflicts are told while agents work, merges go fewest conflicts first, a proposal that drops a line is refused, and a person joins the rest", async () => {
  const world = await openWorld({
    files: merging.files,
    ...(merging.scenario === undefined ? {} : { scenario: merging.scenario }),
  });
  const example = new URL(`../../examples/${merging.example}`, import.meta.url);
  const definition = await world.define("clashing", readFileSync(example, "utf8"));
  const ran = await world.run("run", definition, "--use", "simulated", "--id", ID);
  expect(ran.code).toBe(3);

  const lines = (await world.ok("events", ID, "--json")).trim().split("\n");
  const events = lines.map((line) => JSON.parse(line) as WorkflowEvent);
  const firstEnd = events.findIndex(
    (event) => event.type === "session.ended" && !event.session.includes("/dates/"),
  );
  const seen = events.slice(0, firstEnd).filter(({ type }) => type === "conflict.predicted");
  expect(seen).toMatchObject([
    { conflict: { first: "login", second: "export", files: [{ path: "src/app.mjs", kind: "content" }] } },
    { conflict: { first: "search", second: "print", files: [{ path: "src/menu.mjs", kind: "content" }] } },
  ]);
  const told = events.flatMap((event) => (event.type === "message.queued" ? [event.message.subject] : []));
  expect(told.slice(0, 4)).toEqual(["login", "export", "search", "print"]);

  const merged = events.flatMap((event) => (event.type === "deliverable.merged" ? [event.subject] : []));
  expect(merged).toEqual(["dates", "login", "search"]);

  const stopped = await world.state(ID);
  const rounds = stopped?.deliverables.export?.rounds ?? [];
  expect(rounds.map(({ verdict }) => verdict)).toEqual(["PASS", "REVISE", "PASS"]);
  expect(rounds[1]?.findings[0]?.evidence).toContain("if (!process.env.USER) return [];");
  expect(stopped?.questions).toMatchObject([
    { kind: "protect", subject: "export", reason: "It was joined by its agent: src/app.mjs" },
    { kind: "escalation", subject: "print" },
  ]);

  const page = await world.ok("review", "export");
  expect(page).toContain(
    "it conflicted in src/app.mjs, with\n  login  Nobody starts the program without a login",
  );
  const shown = /git diff (\w+) (\w+)/.exec(page) ?? [];
  expect(await world.git("diff", shown[1] ?? "", shown[2] ?? "")).toContain("-<<<<<<<");
  await world.ok("approve", "export");
  await world.ok("decide", "print", "write");
  const menu = join(world.folder, `shop-wt/signalbox/${ID}/print.1.1/src/menu.mjs`);
  const both = '  return ["open", "search", "save", "print"];';
  writeFileSync(menu, readFileSync(menu, "utf8").replace(/^ {2}return.*$/m, both));
  await world.ok("decide", "print", "done");
  const end = await world.until(ID, "the workflow to complete", ({ status }) => status === "COMPLETE");
  const branch = `${end.plan.layout.branchPrefix}/main`;
  expect(await world.git("show", `${branch}:src/menu.mjs`)).toContain(both);
  const app = await world.git("show", `${branch}:src/app.mjs`);
  for (const line of ["if (!process.env.USER) return [];", 'console.log("exported");', "return menu();"])
    expect(app).toContain(line);
});
