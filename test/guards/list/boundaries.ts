/** P7: what sessions may write, see and start, and what of the user's gets to them or into records. */
import { guardsOf } from "../guard.ts";

const BOUNDARY = "src/adapters/agents/write-boundary.test.ts";
const ACP = "src/adapters/agents/acp/adapter.test.ts";
const ENVIRONMENT = "src/adapters/environment/agent-environment.test.ts";
const PROBE = "src/adapters/sandbox/probe.test.ts";
const PROVISION = "src/adapters/provision";
const REDACTION = "src/core/redaction.test.ts";
const RECORDS = "test/engine/redaction.test.ts";

export const BOUNDARY_GUARDS = [
  ...guardsOf("src/adapters/agents/write-boundary.ts", BOUNDARY, {
    "a session that only reads writes": [
      'if (rule.boundary === null) return "this session is read-only";',
      "if (rule.boundary === null) return null;",
    ],
    "a path with .. leads out of the worktree": [
      'if (inside === "" || inside.startsWith("..") || path.isAbsolute(inside))',
      'if (inside.startsWith("..")) return null;\n  if (inside === "")',
    ],
    "a symbolic link leads out of the worktree": [
      "const real = resolveReal(path.resolve(cwd, target));",
      "const real = path.resolve(cwd, target);",
    ],
    "git's own files are written by another case of their name": [
      'part.toLowerCase() === ".git"',
      'part === ".git"',
    ],
    "files are written that the session's globs do not name": [
      'if (!picomatch.isMatch(parts.join("/"), [...rule.writes], { dot: true })) {',
      "if (parts.length === 0) {",
    ],
    "a file with a second name elsewhere is written": [
      "if (isShared(real)) return",
      'if (target === "") return',
    ],
    "a path that an agent reads in another way is written": [
      "if (/^\\s|\\s$|^~|^file:|\\0/.test(target)) return",
      'if (target === "") return',
    ],
  }),
  ...guardsOf("src/adapters/agents/acp/files.ts", ACP, {
    "an agent over ACP writes through us wherever it likes": [
      "if (reason !== null) {",
      "if (file === null) {",
    ],
  }),
  ...guardsOf("src/adapters/agents/acp/permission.ts", ACP, {
    "an agent over ACP is allowed to write outside": [
      'return reason == null ? ALLOW : { rule: "deny", reason };',
      "return ALLOW;",
    ],
    "an agent over ACP that only reads is allowed to write": [
      'if (!spec.tools.some((tool) => tool === "Edit" || tool === "Write"))',
      "if (spec.tools === null)",
    ],
    "what is allowed once is allowed for good": [
      'option.kind === "allow_once"',
      'option.kind === "allow_always"',
    ],
  }),
  ...guardsOf("src/adapters/fs/worktree-files.ts", "src/adapters/fs/worktree-files.test.ts", {
    "our own files are written through a link that leads out": [
      "if (!isInside(root, await realpath(await nearestExisting(dirname(target))))) throw leaves(root, path);",
      "",
    ],
  }),
  ...guardsOf("src/adapters/environment/agent-environment.ts", ENVIRONMENT, {
    "agents get all variables of the user's shell": [" && isPassed(name, names)", ""],
    "agents take themselves for part of the user's own session": ["!NEVER.has(name) && ", ""],
  }),
  ...guardsOf("src/adapters/checks/environment.ts", "src/adapters/checks/checks.test.ts", {
    "checks get all variables of the user's shell": ["...pick(source, KEPT),", "...source,"],
  }),
  ...guardsOf("src/adapters/sandbox/confine.ts", PROBE, {
    "a session starts free where no sandbox confines (S1)": [
      "if (!probed.ok) throw unavailable(probed);",
      "if (!probed.ok) return FREE;",
    ],
  }),
  ...guardsOf("src/adapters/sandbox/probe.ts", PROBE, {
    "a sandbox that lets a program write outside is believed": [
      'if (changed(place("outside")) || textOf(place("inside/reached")) !== null)',
      'if (changed(place("outside"))) return null;\n    if (program === "")',
    ],
    "a sandbox that runs nothing is believed": [
      "if (written !== word) return",
      'if (written !== word) return null;\n    if (program === "") return',
    ],
    "a bwrap that a repository brings is started": [
      "isProgram(file) && !isStrange(file, strange)",
      "isProgram(file)",
    ],
    "a sandbox that leaves processes together is believed": [
      'if (processes === undefined || processes === readlinkSync("/proc/self/ns/pid"))',
      'if (program === "")',
    ],
  }),
  ...guardsOf(`${PROVISION}/bring.ts`, `${PROVISION}/provision.test.ts`, {
    "files are copied through a link that leads out of the repository (B1)": [
      "if (isBelow(places.root, named) && (dangling || (await isInside(places.root, source)))) return;",
      "return;",
    ],
    "files are copied through a link that the commit has (B1)": [
      "if (stats?.isSymbolicLink())\n      throw",
      'if (path === "")\n      throw',
    ],
    "a link hides a file of the commit (B2)": [
      "throw new ProvisionRefusal(\n    `provision: ${path} cannot be linked",
      "return [];\n  new ProvisionRefusal(\n    `provision: ${path} cannot be linked",
    ],
  }),
  ...guardsOf(`${PROVISION}/bring.ts`, `${PROVISION}/secrets.test.ts`, {
    "a file with secrets is copied without consent (B3)": [
      "const allowed = await mayBring(path);",
      "const allowed = true;",
    ],
  }),
  ...guardsOf(`${PROVISION}/consent.ts`, `${PROVISION}/secrets.test.ts`, {
    "a person's refusal counts as consent": ["files[path]?.allowed === true : null", "true : null"],
  }),
  ...guardsOf(`${PROVISION}/secrets.ts`, `${PROVISION}/secrets.test.ts`, {
    "values of .env files stand in what checks and preparation print": [
      "return redactor(texts.flatMap(secretValues).map(([value, name]) => ({ name, value })));",
      "return redactor([]);",
    ],
  }),
  ...guardsOf("src/core/redaction.ts", REDACTION, {
    "values of secret variables stay in a text": [
      "const named = secrets.reduce((shown, { name, value }) => shown.replaceAll(value, `[${name}]`), text);",
      "const named = text;",
    ],
    "tokens of a known form stay in a text": [
      "return TOKENS.reduce((shown, [name, form]) => shown.replace(form, `[${name}]`), named);",
      "return named;",
    ],
  }),
  ...guardsOf("src/adapters/host/runner.ts", RECORDS, {
    "what an agent says is recorded with its secrets": [
      "JSON.stringify(redactAll(event, redact))",
      "JSON.stringify(event)",
    ],
    "an agent's last words are recorded with their secrets": [
      "return redactAll(outcome, redact);",
      "return outcome;",
    ],
  }),
  ...guardsOf("src/engine/loop.ts", RECORDS, {
    "what a person writes is journalled with its secrets": [
      'return redact === undefined || body.type === "create" ? body : redactAll(body, redact);',
      "return body;",
    ],
  }),
];
