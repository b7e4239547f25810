/** The words of the command line: answers on stdout, narration on stderr, exit codes. */
import { describe, expect, it } from "vitest";
import { aPlanContext, en108, multiInstance } from "../builders/definitions.ts";
import { planOf } from "../builders/derived.ts";
import { aWorld, told, type World } from "./harness.ts";

const ID = "demo-20260220-001";

/** A world with one workflow that was just created. */
async function withWorkflow(
  id = ID,
): Promise<World & { readonly engine: Awaited<ReturnType<World["coordinate"]>> }> {
  const world = await aWorld();
  const engine = await world.coordinate();
  await engine.create(planOf(multiInstance(), aPlanContext({ id })).plan, "ada");
  return { ...world, engine };
}

describe("help", () => {
  it("groups the verbs and names the topics", async () => {
    const world = await aWorld();
    const ran = await world.run("--help");
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatchInlineSnapshot(`
      "Usage: signalbox [options] [command]

      One control plane for many coding-agent sessions: worktrees, workflows, gates, checkpoints, merges.

      Options:
        -V, --version                      print the version
        -C <folder>                        run as if started in this folder
        --color <when>                     colours and symbols (choices: "auto", "always", "never",
                                           default: "auto")
        --no-input                         never ask; fail with the flag that answers
        -h, --help                         print this help

      Start and stop:
        run <definition>                   Start a workflow from a definition and watch it
        dispatch [tasks...]                Start one agent per task, without a definition
        adopt <work> [task...]             Take a worktree or branch of yours, with what is not committed,
                                           as the work of a slot
        plan <definition>                  Show what a definition would do: stages, gates, paths, cost
        validate <definition>              Check a definition; every error with file, line and column
        demo                               Run a whole workflow in a scratch repository, without a login
        resume [workflow]                  Go on after a pause, a crash or a reboot
        pause [workflow]                   Start nothing new; running agents end their turn
        sync [workflow]                    Bring in new commits of the target, between two stages
        cancel [workflow]                  End a workflow and its agents; what was made is kept

      Look:
        inbox                              What waits for a person, over all workflows and repositories
        ps                                 List workflows, of this repository or of all
        status [workflow]                  Where a workflow stands, what it waits for, and the next
                                           command
        watch [workflow]                   Follow a workflow live; Ctrl+C leaves it running
        events [workflow]                  What happened, from the journal
        logs <slot>                        What an agent did: text, tools, denials
        show <subject>                     A slot, checkpoint, gate or question in full
        budget [words...]                  Money limits: what is spent, reserved, left; add to one, or
                                           answer at one
        open <slot>                        The worktree of a slot in an editor or a shell
        exec <slot> [command...]           Run a command in the worktree of a slot, as its agent would
        diff [slot]                        What a slot changed, also while its agent still works; without
                                           a slot a summary of all
        conflicts [workflow]               Which open slots would conflict when merged, in which files and
                                           how; also while agents work
        merge [workflow]                   In which order open work would be merged, why, and what would
                                           conflict; it is merged by itself
        review [slot] [text...]            Everything for a decision on a slot, with comments on its
                                           lines; without a slot all that waits for a yes

      Answer:
        approve [subject]                  Say yes to what waits
        reject [subject]                   Say no; the note becomes a constraint for every agent after it
        decide [subject] [word] [text...]  Answer an escalation, failure, conflict or limit in words
        answer <question> <text...>        Answer a question of a running session, which waits for it
        say <slot> <text...>               Say something to the running session of a slot
        stop <slot>                        Stop what runs for a slot; its work is committed, and how it
                                           goes on is asked
        interrupt <slot> [text...]         End the present turn of an agent; its conversation goes on with
                                           what you say
        attach <slot>                      Take a slot's conversation over in the agent's own program;
                                           leaving it hands the work back
        retry <slot>                       Start a slot again: a new attempt from the present tip; what
                                           was made is kept
        skip <slot> [reason...]            Leave a slot out, for good
        resolve <slot>                     Join both sides of a conflict yourself, in the slot's worktree,
                                           whose path is printed
        write <slot>                       Make a slot's work yourself, in its worktree, whose path is
                                           printed
        land [slot...]                     Put accepted work on its target, slot by slot or as a whole;
                                           without a way it says which there are
        send-back <slot> [text...]         Send work back to its agent; the same conversation goes on
        note <subject> <text...>           Write a note or a lesson into the record
        block <subject> <text...>          Record a blocker
        unblock <blocker> <text...>        Close a blocker with its resolution
        rewind <checkpoint>                Go back to a recovery checkpoint; history and old work stay

      Keep in order:
        docs [workflow]                    Render the three documents, or check that they are current
        clean [target]                     Remove worktrees that nobody needs; content is preserved first
        restore [name]                     List what was preserved, or bring one of it back as a branch
        doctor                             Check git, node, agents, leases and leftovers, with a fix per
                                           finding

      Set up:
        init                               Scaffold signalbox.yaml and a first definition
        config                             Print the settings in force
        schema [which]                     Print a JSON Schema (draft-07) for editors
        completion <shell>                 Print shell completion code

      Without a verb: what runs, what waits, and the next command.
      Topics: signalbox help exit-codes, signalbox help environment
      "
    `);
  });

  it("lists the exit codes", async () => {
    expect(told(await (await aWorld()).run("help", "exit-codes"))).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
        0  done
        1  failed, or the answer is no
        2  usage or configuration error
        3  a gate failed, or a person rejected
        4  an agent is not logged in, needs a permission, or typed what a person must
        5  a person must answer (without a terminal to ask on)
        6  a limit of time, turns, money or sessions was reached
        7  another coordinator holds the lease
       70  a defect of signalbox
      130  interrupted by Ctrl+C
      143  ended by SIGTERM"
    `);
  });

  it("shows examples with a verb", async () => {
    expect((await (await aWorld()).run("decide", "--help")).stdout).toMatchInlineSnapshot(`
      "Usage: signalbox decide [options] [subject] [word] [text...]

      Answer an escalation, failure, conflict or limit in words

      Arguments:
        subject              checkpoint, slot, question id, plan or finish; may be left out when one
                             question is open
        word                 accept, guide, write, back, cancel, retry, continue, skip, redo, resolve,
                             done, rerun, waive, add, finish, stop, resume
        text                 same as --note

      Options:
        -w, --workflow <id>  workflow id or a unique prefix; may be left out when one is active
        -m, --note <text>    text for the record
        --to <phase>         back: phase to return to
        --round <n>          accept: round whose version is accepted (default: the best)
        --usd <amount>       add: the new money limit
        --sessions <n>       add: the new limit of sessions
        --json               print one JSON document
        -h, --help           print this help

      Examples:
        signalbox decide agent-a-001 guide -m 'cite the measurements'
            one more round with your text
        signalbox decide agent-a-001 accept --round 2
            take version 2 as it is
        signalbox decide workflow add --usd 25
            raise the money limit
      "
    `);
  });
});

describe("usage errors", () => {
  it("are told with the nearest spelling and exit 2", async () => {
    const world = await aWorld();
    expect(told(await world.run("stauts"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ signalbox has no verb stauts
      ↳ The nearest is status
      ↳ All verbs: signalbox --help"
    `);
    expect(told(await world.run("approve", "--nte", "x"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ unknown option '--nte'
      ↳ Did you mean --note?
      ↳ How it is used: signalbox approve --help"
    `);
    expect(told(await world.run("run"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ missing required argument 'definition'
      ↳ How it is used: signalbox run --help"
    `);
    expect(told(await world.run("block", "x", "y", "--severity", "AWFUL"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ option '--severity <level>' argument 'AWFUL' is invalid. Allowed choices are CRITICAL, HIGH, MEDIUM, LOW.
      ↳ How it is used: signalbox block --help"
    `);
    expect(told(await world.run("events", "--tail", "few"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ There is no workflow in this repository
      ↳ Write a first definition: signalbox init
      ↳ Or see one run without a login: signalbox demo"
    `);
  });
});

describe("references", () => {
  it("that mean nothing name the nearest and list what there is", async () => {
    const world = await withWorkflow();
    expect(told(await world.run("status", "demo-20260220-002"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ No workflow is named demo-20260220-002
      ↳ The nearest is demo-20260220-001
      ↳ Known: demo-20260220-001; to list them: signalbox ps --all"
    `);
    expect(told(await world.run("show", "agent-a-02"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ No subject is named agent-a-02
      ↳ The nearest is agent-a-002
      ↳ Known: agent-a-001, agent-b-001, barrier-1.a-to-b, barrier-1.b-to-a, agent-a-002, agent-b-002, barrier-2.a-to-b, barrier-2.b-to-a and 24 more; to list them: signalbox status"
    `);
    expect(told(await world.run("show", "agent"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ agent is the start of 5 subjects: agent-a-001, agent-b-001, agent-a-002, agent-b-002, agent-c-001
      ↳ Give enough letters to mean one; to list them: signalbox status"
    `);
  });

  it("may be a unique prefix, or left out when one workflow is active", async () => {
    const world = await withWorkflow();
    for (const argv of [["status"], ["status", "demo"], ["status", ID]])
      expect((await world.run(...argv)).stdout).toContain(ID);
  });

  it("must be given when several workflows are active", async () => {
    const world = await withWorkflow();
    await world.engine.create(
      planOf(multiInstance(), aPlanContext({ id: "second-20260220-001" })).plan,
      "ada",
    );
    expect(told(await world.run("status"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ 2 workflows could be meant: demo-20260220-001, second-20260220-001
      ↳ Name one, a unique prefix is enough; to list them: signalbox ps"
    `);
  });

  it("without any workflow say how to begin", async () => {
    const world = await aWorld();
    expect(told(await world.run("status"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ There is no workflow in this repository
      ↳ Write a first definition: signalbox init
      ↳ Or see one run without a login: signalbox demo"
    `);
    expect(told(await world.run())).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      No workflow in this repository yet.

        signalbox demo           a whole workflow in a scratch repository, without a login
        signalbox init           scaffold signalbox.yaml and a first definition
        signalbox run <file>     start a workflow
        signalbox --help         every verb"
    `);
    expect(told(await world.run("ps"))).toMatchInlineSnapshot(`
      "exit 0
      --- stderr
      ↳ There is no workflow yet: signalbox run <definition>, or signalbox demo"
    `);
  });

  it("outside a repository say so", async () => {
    const world = await aWorld();
    expect(told(await world.run("-C", "/", "status"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ / is not inside a git repository
      ↳ To make one, run: git init && git add -A && git commit --allow-empty -m 'First commit'"
    `);
  });
});

describe("looking", () => {
  it("needs no coordinator and starts none", async () => {
    const world = await withWorkflow();
    await world.engine.close();
    const ran = await world.run("status");
    expect(ran.code).toBe(0);
    expect(ran.stderr).toBe("");
  });

  it("at a workflow that was just created", async () => {
    const world = await withWorkflow();
    expect(told(await world.run("status"))).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      PROJ-006 Multi-Instance Strategy Assessment  demo-20260220-001  running · 0/9 done · 29m00s · $0.00

      Phase 1  Research  0/2
        ○ agent-a-001                                              SDK surface and CLI automation audit
        ○ agent-b-001                                              Worktree API and provisioning audit
      Barrier 1  Phase 1 Cross-Pollination  0/2
        ○ barrier-1.a-to-b                                         Handoff a-->b
        ○ barrier-1.b-to-a                                         Handoff b-->a
      Phase 2  Analysis  0/2
        ○ agent-a-002                                              Eight-dimension trade-off scoring
        ○ agent-b-002                                              Session lifecycle design for both approaches
      Barrier 2  Phase 2 Cross-Pollination  0/2
        ○ barrier-2.a-to-b                                         Handoff a-->b
        ○ barrier-2.b-to-a                                         Handoff b-->a
      Phase 3  Decision  0/1
        ○ agent-c-001                                              Go/no-go ADR from both pipelines

      ? plan  Rules raise the level above the definition: agent-c-001 to C3 (AE-003)  29m00s ago
          signalbox approve plan            go on
          signalbox decide plan waive       pass it without a score
          signalbox reject plan --note "…"  send it back with a note"
    `);
    expect(told(await world.run("ps"))).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      demo-20260220-001	running	0/9	0	plan	$0.00	29m00s ago	-"
    `);
    expect(told(await world.run("events"))).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      10:01:00  ● demo-20260220-001  created by ada
      10:01:00  ? plan  Rules raise the level above the definition: agent-c-001 to C3 (AE-003)"
    `);
    expect(told(await world.run())).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      PROJ-006 Multi-Instance Strategy Assessment  demo-20260220-001  running · 0/9 done · 29m00s · $0.00
        ? plan  Rules raise the level above the definition: agent-c-001 to C3 (AE-003)  29m00s ago
            signalbox approve plan            go on
            signalbox decide plan waive       pass it without a score
            signalbox reject plan --note "…"  send it back with a note
      --- stderr
      ↳ In full: signalbox status; live: signalbox watch"
    `);
  });

  it("gives JSON documents with a schema version", async () => {
    const world = await withWorkflow();
    for (const argv of [
      ["status", "--json"],
      ["ps", "--json"],
      ["show", "agent-a-001", "--json"],
    ]) {
      const ran = await world.run(...argv);
      expect(JSON.parse(ran.stdout)).toMatchObject({ schemaVersion: 1 });
      expect(ran.stderr).toBe("");
    }
  });

  it("at one slot shows what was asked of it", async () => {
    const world = await withWorkflow();
    expect(told(await world.run("show", "agent-a-001"))).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      agent-a-001  SDK surface and CLI automation audit  BLOCKED
        now       waits for a decision on plan (Q-001)
        role      ps-researcher
        makes     orchestration/demo-20260220-001/spike-001/phase-1-research/agent-a-001/agent-a-001-research.md
        reads     PLAN.md, SPIKE-001
        agent     simulated
        level     C2
        gate      phase-1/spike-001: PENDING, threshold 0.92"
    `);
    expect(told(await world.run("show", "CP-001"))).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      CP-001  Phase 1 complete  not reached
        recovers  barrier-1-start"
    `);
    expect(told(await world.run("logs", "agent-a-001"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ No agent has worked on agent-a-001 yet
      ↳ Wait for it: signalbox logs agent-a-001 --follow -w demo-20260220-001"
    `);
  });

  it("lists tab-separated lines without a header in a pipe", async () => {
    const world = await withWorkflow();
    const ran = await world.run("ps");
    expect(ran.stdout.split("\t")[0]).toBe(ID);
  });
});

describe("answering", () => {
  it("approves the plan when that is the only question", async () => {
    const world = await aWorld();
    const engine = await world.coordinate();
    await engine.create(
      planOf(en108({}, { allow: ["self-validation"] }), aPlanContext({ id: ID })).plan,
      "ada",
    );
    expect(told(await world.run("approve", "-m", "read it"))).toMatchInlineSnapshot(`
      "exit 0
      --- stderr
      ✓ plan approved
      ↳ Watch it: signalbox watch demo-20260220-001"
    `);
    expect(engine.state(ID)?.planApproved).toBe(true);
    expect(engine.state(ID)?.decisions[0]).toMatchObject({ by: "ada", text: "read it", word: "approve" });
    expect(told(await world.run("approve"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ Nothing waits for an answer in demo-20260220-001
      ↳ To see where it stands: signalbox status demo-20260220-001"
    `);
  });

  it("is refused by the core as a no with exit 1", async () => {
    const world = await withWorkflow();
    expect(told(await world.run("approve", "CP-001"))).toMatchInlineSnapshot(`
      "exit 1
      --- stderr
      ✗ CP-001 does not wait for a decision
      ↳ Waiting: plan"
    `);
    expect(told(await world.run("approve", "CP-001", "--json"))).toMatchInlineSnapshot(`
      "exit 1
      --- stdout
      {"schemaVersion":1,"error":{"code":"not-waiting","message":"CP-001 does not wait for a decision","hint":"Waiting: plan","retryable":false}}"
    `);
  });

  it("names the nearest decision for a mistyped one", async () => {
    const world = await aWorld();
    const engine = await world.coordinate();
    await engine.create(
      planOf(en108({}, { allow: ["self-validation"] }), aPlanContext({ id: ID })).plan,
      "ada",
    );
    expect(told(await world.run("decide", "plan", "aprove"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ aprove is not a decision
      ↳ The nearest is approve
      ↳ Possible here:
          signalbox approve plan
          signalbox reject plan --note "…""
    `);
  });

  it("is refused inside an agent's session", async () => {
    const world = await withWorkflow();
    const env = { PATH: process.env.PATH, SIGNALBOX_SESSION: "x" };
    expect(told(await world.runWith({ env }, "approve", "CP-001"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ This command was typed inside an agent's session, which cannot decide for a person
      ↳ Type it in a terminal of your own"
    `);
  });

  it("pauses, resumes and cancels", async () => {
    const world = await withWorkflow();
    expect(told(await world.run("pause", "-m", "lunch"))).toMatchInlineSnapshot(`
      "exit 0
      --- stderr
      ✓ demo-20260220-001 paused
      ↳ Go on: signalbox resume demo-20260220-001"
    `);
    expect(told(await world.run("status", "-w", ID))).toContain("paused: lunch");
    expect(told(await world.run("resume"))).toMatchInlineSnapshot(`
      "exit 0
      --- stderr
      ✓ demo-20260220-001 goes on"
    `);
    expect(told(await world.run("cancel"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ Cancel demo-20260220-001? Nobody can be asked here
      ↳ Say so in the command: --yes"
    `);
    expect(told(await world.run("cancel", "--yes", "-m", "wrong goal"))).toMatchInlineSnapshot(`
      "exit 0
      --- stderr
      ✓ demo-20260220-001 cancelled; its branches and worktrees are kept
      ↳ See what is left: signalbox clean demo-20260220-001 --dry-run"
    `);
    expect(told(await world.run("resume"))).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      ✗ demo-20260220-001 is CANCELLED and cannot be resumed
      ↳ To start again from a checkpoint: signalbox rewind <checkpoint> -w demo-20260220-001
      ↳ Its checkpoints: signalbox show demo-20260220-001 --json"
    `);
  });

  it("records notes, lessons and blockers", async () => {
    const world = await withWorkflow();
    expect(told(await world.run("note", "agent-a-001", "looks", "thin"))).toMatchInlineSnapshot(`
      "exit 0
      --- stderr
      ✓ note on agent-a-001 recorded
      ↳ Watch it: signalbox watch demo-20260220-001"
    `);
    expect(
      (await world.run("note", "workflow", "measure first", "--lesson", "--application", "every phase")).code,
    ).toBe(0);
    expect((await world.run("block", "agent-a-001", "no access", "--severity", "LOW")).code).toBe(0);
    expect(told(await world.run("status"))).toContain("BLK-001 blocks agent-a-001: no access");
    expect(told(await world.run("unblock", "BLK-001", "access granted"))).toMatchInlineSnapshot(`
      "exit 0
      --- stderr
      ✓ BLK-001 resolved
      ↳ Watch it: signalbox watch demo-20260220-001"
    `);
    expect(world.engine.state(ID)?.lessons[0]).toMatchObject({
      lesson: "measure first",
      application: "every phase",
    });
  });
});

describe("completion", () => {
  it("offers verbs, options and ids", async () => {
    const world = await withWorkflow();
    expect((await world.run("complete", "--", "sta")).stdout).toBe("status\n");
    expect((await world.run("complete", "--", "run", "--fo")).stdout).toBe("--foreground\n");
    expect((await world.run("complete", "--", "status", "")).stdout).toBe(`${ID}\n`);
    expect((await world.run("complete", "--", "show", "agent-a")).stdout).toBe("agent-a-001\nagent-a-002\n");
  });
});
