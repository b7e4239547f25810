/** P4, P5: journals, leases, processes and the limits of a session. */
import { guardsOf } from "../guard.ts";

const JOURNAL = "src/adapters/journal";
const LINES = `${JOURNAL}/jsonl.test.ts`;
const PROCESS = "src/adapters/process";
const TREE = `${PROCESS}/tree.test.ts`;
const HOST = "src/adapters/host";
const COORDINATOR = "test/cli/coordinator.test.ts";
const AGENTS = "src/adapters/agents";
const CLAUDE = `${AGENTS}/real-claude.test.ts`;
const SESSIONS = "test/contracts/session-host.test.ts";

export const PROCESS_GUARDS = [
  ...guardsOf(`${JOURNAL}/scan.ts`, LINES, {
    "a damaged line is cut off as if it were torn (J3)": [
      'if (decoded.problem === "unsealed" && end + 1 === bytes.length) break;',
      "break;",
    ],
    "a missing entry is not noticed (J1)": ["else if (entry.seq !== seq + 1)", "else if (entry.seq < 0)"],
    "the late line of a fenced writer makes a journal unreadable (J2)": [
      "if (entry.generation >= generation) {",
      "if (entry.generation >= 0) {",
      "a late line of a fenced writer",
    ],
    "lines of a newer version are taken for damage": [
      "refuseNewer(decoded, path, number, format);",
      "",
      "a newer one is refused",
    ],
  }),
  ...guardsOf(`${JOURNAL}/line.ts`, LINES, {
    "a line counts whatever its checksum says": ["if (!fits) return", "if (!sealed) return"],
  }),
  ...guardsOf(`${JOURNAL}/file-journal.ts`, LINES, {
    "a torn last line stays in the way": [
      "if (fstatSync(fd).size > soundSize && lease.isNewest())",
      "if (fstatSync(fd).size < 0)",
      "is cut when the journal is opened",
    ],
    "what was written after a takeover is acknowledged (J4)": [
      "if (!lease.isNewest()) throw new Fenced();\n    },",
      "},",
      "between a write and its acknowledgement",
    ],
  }),
  ...guardsOf(`${JOURNAL}/file-journal.ts`, "test/contracts/journal.test.ts", {
    "an append that is repeated is stored twice": ["if (earlier !== undefined) {", "if (earlier === null) {"],
    "an append at another head than the present one is taken": [
      "if (expected !== head)",
      "if (expected < 0)",
    ],
  }),
  ...guardsOf(`${JOURNAL}/lease.ts`, LINES, {
    "the lease of another machine is taken for a dead one's (L3)": [
      "return stored.host !== hostname() || isAlive(stored);",
      "return isAlive(stored);",
      "on another host",
    ],
    "a lease is taken while its holder lives (L3)": [
      "return stored.host !== hostname() || isAlive(stored);",
      "return stored.host !== hostname();",
    ],
  }),
  ...guardsOf(`${JOURNAL}/lease.ts`, `${JOURNAL}/lease.test.ts`, {
    "an older generation takes itself for the newest (L2)": ["exists(own) && !exists(next)", "exists(own)"],
    "a generation that others have been through is given out again (L1)": [
      "if ((await newestGeneration(folder)) !== generation) {",
      "if (generation < 0) {",
    ],
  }),
  ...guardsOf(`${PROCESS}/identity.ts`, `${PROCESS}/identity.test.ts`, {
    "another process with the same pid is taken for the one that is meant": [
      "return processIdentity(identity.pid)?.startTime === identity.startTime;",
      "return processIdentity(identity.pid) !== null;",
    ],
  }),
  ...guardsOf(`${PROCESS}/identity.ts`, `${PROCESS}/keep-awake.test.ts`, {
    "a stranger that was stopped is woken": [
      "return row?.startTime === identity.startTime && row.frozen;",
      "return row !== null && row.frozen;",
    ],
  }),
  ...guardsOf(`${PROCESS}/tree.ts`, TREE, {
    "a pid that was given out again is ended": ["if ((starts.get(pid) ?? startTime) === startTime)", ""],
    "a process is ended by a record of an earlier boot": [
      "request.leaders.filter((it) => it.bootId === bootId())",
      "request.leaders",
    ],
    "children that leave the group survive": ["ours.has(row.parent) || ", ""],
    "orphans of a dead leader survive": [" || ours.has(row.group) || ours.has(row.session)", ""],
    "marked orphans that nobody recorded survive": ["for (const pid of marked) ours.add(pid);", ""],
    "a program that ignores the polite signal survives": ['signalAll(left, "SIGKILL");', ""],
  }),
  ...guardsOf(`${HOST}/run-session.ts`, SESSIONS, {
    "what a session leaves running survives it (H3)": [
      "const left = life.hasSpawned() ? await endTree({ ...tree, graceMs: Math.min(2_000, graceMs) }) : [];",
      "const left: readonly number[] = [];",
      "what a session leaves running",
    ],
    "an agent that ignores everything holds the session open": [
      "await kill();\n  return within(running, Math.min(SETTLE_AFTER_KILL_MS, graceMs));",
      "return running;",
      "ignores everything",
    ],
  }),
  ...guardsOf(`${HOST}/runner.ts`, SESSIONS, {
    "a session that has ended starts again (H5)": [
      "if (await hadEarlierLife(folder)) return reins.accept();",
      "",
      "two starts of one id",
    ],
    "two sessions go on in one conversation": [
      "if (!lock.ok) return heldElsewhere(spec, lock.pid);",
      "if (!lock.ok) return run();",
      "one conversation",
    ],
  }),
  ...guardsOf(`${HOST}/session-life.ts`, `${HOST}/session-life.test.ts`, {
    "events are recorded after the end of a session (H4)": [
      "(open ? parts.record(event) : undefined)",
      "parts.record(event)",
    ],
  }),
  ...guardsOf(`${HOST}/desk.ts`, SESSIONS, {
    "a message reaches an agent as often as it is delivered (H9)": [
      'if (heard.has(message.id)) return "delivered";',
      "",
      "hears what a person says, once",
    ],
  }),
  ...guardsOf("src/adapters/coordinator/claim.ts", COORDINATOR, {
    "a coordinator starts beside one that lives (C1)": [
      "record.host !== hostname() || isAlive(record)",
      "record.host !== hostname()",
      "yields to a living holder",
    ],
    "a coordinator of another machine is called dead (C2)": [
      "record.host !== hostname() || isAlive(record)",
      "isAlive(record)",
      "on another machine dead",
    ],
  }),
  ...guardsOf("src/adapters/coordinator/server.ts", COORDINATOR, {
    "a viewer tells how effects have ended (V3)": [
      "if (!Object.hasOwn(PERSON_COMMANDS, command.type))",
      "if (workflow === null)",
      "only the engine's own ports",
    ],
  }),
  ...guardsOf(`${HOST}/conversation-lock.ts`, `${HOST}/conversation-lock.test.ts`, {
    "a conversation is taken while a program of a dead holder writes it": [
      "if (survivor !== null) return { ok: false, pid: survivor, host: hostname() };",
      "",
    ],
  }),
  ...guardsOf(`${HOST}/limits.ts`, `${HOST}/limits.test.ts`, {
    "a busy session has no limit of time": ["if (workMs >= limits.wallMs)", "if (workMs < 0)"],
    "an agent that never says anything has no limit": [
      "if (!started && awakeMs >= limits.startupMs)",
      "if (awakeMs < 0)",
    ],
    "an agent that falls silent has no limit": [
      "if (started && silentMs >= limits.idleMs)",
      "if (silentMs < 0)",
    ],
    "silence counts while a tool runs (H2)": [
      "if (openTools === 0 && openAsks === 0)",
      "if (openAsks === 0)",
    ],
    "the wait for a person counts (H10)": ["if (openAsks === 0) workMs += step;", "workMs += step;"],
    "a night's sleep counts (H1)": ["if (slept) silentMs = 0;\n      else {", "{"],
  }),
  ...guardsOf(`${AGENTS}/claude.ts`, CLAUDE, {
    "turns have no limit (SDK)": ["maxTurns: spec.limits.turns,", "", "limit of turns"],
    "money has no limit (SDK)": [
      "...(spec.limits.usd === null ? {} : { maxBudgetUsd: spec.limits.usd }),",
      "",
      "limit of money through claude and",
    ],
  }),
  ...guardsOf(`${AGENTS}/claude-cli.ts`, CLAUDE, {
    "turns have no limit (command)": [
      "`--max-turns=${spec.limits.turns}`,",
      "",
      "limit of turns through claude-cli",
    ],
    "money has no limit (command)": [
      "...(spec.limits.usd === null ? [] : [`--max-budget-usd=${spec.limits.usd}`]),",
      "",
      "limit of money through claude-cli",
    ],
  }),
];
