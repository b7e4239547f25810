/** Rules about names that are declared elsewhere: roles of the roster or the configuration, programs for `use`. */
import { ROSTER_ROLES } from "../../core/plan/roster.ts";
import { type LevelOutline, levelsOf, type Outline, slotsOf } from "../outline.ts";
import type { Path, Problem } from "../source/diagnostic.ts";
import { asList, asMap, asText, own, shorten } from "../source/plain.ts";
import { nearest } from "../source/spelling.ts";

/** What the configuration adds to the built-in names. */
export interface KnownNames extends KnownPrograms {
  readonly roles: readonly string[];
}

/** Programs by the key of the configuration that declares them. */
export interface KnownPrograms {
  readonly commands: readonly string[];
  readonly agents: readonly string[];
}

/** Roles, reviewers and programs that nobody declared, and checks that share a name. */
export function nameProblems(outline: Outline, known: KnownNames): readonly Problem[] {
  const roles = [
    ...new Set([...Object.keys(asMap(own(outline.root, "roles")) ?? {}), ...known.roles, ...ROSTER_ROLES]),
  ];
  return [
    ...slotsOf(outline).flatMap((slot) =>
      slot.roles.flatMap(({ text, path }) => roleProblem(text, path, roles)),
    ),
    ...levelsOf(outline).flatMap((level) => reviewerProblems(level, roles)),
    ...levelsOf(outline).flatMap((level) => [...adapterProblems(level, known), ...checkProblems(level)]),
  ];
}

function roleProblem(role: string, path: Path, roles: readonly string[]): readonly Problem[] {
  if (roles.includes(role)) return [];
  const suggestion = nearest(role, roles);
  const message = `there is no role \`${role}\``;
  if (suggestion === undefined) {
    const expected = `one of ${roles.join(", ")}, or one declared under \`roles\``;
    return [{ path, message, expected }];
  }
  const expected = "a built-in role, or one declared under `roles`";
  return [{ path, message, expected, nearest: suggestion }];
}

/** Roles that score or criticise: sessions only, because a person answers at checkpoints. */
function reviewerProblems({ map, path }: LevelOutline, roles: readonly string[]): readonly Problem[] {
  const loop = asMap(own(map, "loop"));
  const named = [
    { role: asText(own(map, "validator")), path: [...path, "validator"] },
    { role: asText(own(map, "cross_check")), path: [...path, "cross_check"] },
    { role: asText(own(loop, "critic")), path: [...path, "loop", "critic"] },
    { role: asText(own(loop, "scorer")), path: [...path, "loop", "scorer"] },
  ];
  return named.flatMap(({ role, path: at }): readonly Problem[] => {
    if (role === undefined) return [];
    if (role !== "user" && role !== "main-context") return roleProblem(role, at, roles);
    return [
      {
        path: at,
        message: `\`${role}\` cannot review`,
        hint: "A person answers at a `checkpoint` of the phase.",
      },
    ];
  });
}

/** Results of checks are told apart by name. */
export function checkProblems({ map, path }: LevelOutline): readonly Problem[] {
  const seen = new Map<string, Path>();
  return asList(own(map, "checks")).flatMap((check, index): readonly Problem[] => {
    const fields = asMap(check);
    const name = asText(check) ?? asText(own(fields, "name")) ?? asText(own(fields, "run"));
    if (name === undefined) return [];
    const at = [...path, "checks", index];
    const first = seen.get(name);
    if (first !== undefined)
      return [{ path: at, message: `the check ${shorten(name)} is there twice`, first }];
    seen.set(name, at);
    return [];
  });
}

interface UseAt {
  readonly use: string;
  readonly path: Path;
}

function adaptersOf({ map, path }: LevelOutline): readonly UseAt[] {
  const inside = ["judge", "critic"].map((key) => ({
    use: asText(own(asMap(own(map, key)), "use")),
    path: [...path, key, "use"],
  }));
  return defined([{ use: asText(own(map, "use")), path: [...path, "use"] }, ...inside]);
}

function roleAdapters(root: LevelOutline["map"]): readonly UseAt[] {
  const roles = Object.entries(asMap(own(root, "roles")) ?? {});
  return defined(
    roles.map(([name, role]) => ({ use: asText(own(asMap(role), "use")), path: ["roles", name, "use"] })),
  );
}

function defined(
  uses: readonly { readonly use: string | undefined; readonly path: Path }[],
): readonly UseAt[] {
  return uses.flatMap(({ use, path }) => (use === undefined ? [] : [{ use, path }]));
}

/** Every `command:<name>` and `acp:<name>` of a level (and of the roles declared there) that no configuration knows. */
export function adapterProblems(level: LevelOutline, known: KnownPrograms): readonly Problem[] {
  return [...adaptersOf(level), ...roleAdapters(level.map)].flatMap((use) => adapterProblem(use, known));
}

/** How programs of each kind are declared. */
const KINDS = {
  command: {
    key: "commands",
    what: "program",
    example: (name: string) => `commands: { ${name}: [program, "{prompt_file}"] }`,
  },
  acp: {
    key: "agents",
    what: "agent",
    example: (name: string) => `agents: { ${name}: { command: [program, --acp] } }`,
  },
} as const;

function adapterProblem({ use, path }: UseAt, known: KnownPrograms): readonly Problem[] {
  const found = /^(command|acp):(.+)$/.exec(use);
  if (found === null) return [];
  const [, kind = "", name = ""] = found;
  const { key, what, example } = KINDS[kind as keyof typeof KINDS];
  const names = known[key];
  if (names.includes(name)) return [];
  const suggestion = nearest(name, names);
  const problem: Problem = {
    path,
    message: `no ${what} \`${name}\` is configured`,
    expected:
      names.length === 0
        ? `${what}s under \`${key}\` in signalbox.yaml`
        : names.map((one) => `${kind}:${one}`).join(", "),
    hint: `Declare it in signalbox.yaml: ${example(name)}.`,
  };
  return [suggestion === undefined ? problem : { ...problem, nearest: `${kind}:${suggestion}` }];
}
